import type { IncomingMessage, ServerResponse } from "node:http";
import type { FieldValidation } from "./admission.ts";
import { decode, mediaType, readBody } from "./body.ts";
import { type Rendering, renderingFor } from "./content.ts";
import { isObject, type JsonObject } from "./json.ts";
import { Lister, listJson, listMeta, selectorFrom } from "./list.ts";
import { jsonOf, type Machinery, type Ref, viewOf } from "./machinery.ts";
import { type KubeObject, objectFromBody } from "./object.ts";
import { patch, patched } from "./patch-request.ts";
import { bind, proxyLog } from "./pods.ts";
import { deleteOptionsFrom, remove } from "./remove.ts";
import { isTrue, type RequestInfo, requestInfo } from "./request-info.ts";
import type { ResourceDefinition, Verb } from "./resource.ts";
import { answerReview, issueToken, type ReviewPolicy } from "./reviews.ts";
import { scaleOf, withScale } from "./scale.ts";
import { ApiError, badRequest, methodNotAllowed, noSuchResource, notImplemented, type StatusBody } from "./status.ts";
import { metadataOnly, tableOf } from "./table.ts";
import type { Watches } from "./watch.ts";
import { create, read, update, type WriteOptions } from "./write.ts";

/** One request with what has been found out about it. */
interface Call {
  info: RequestInfo;
  resource: ResourceDefinition;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  rendering: Rendering;
}

/** Answers requests for resources. */
export class ResourceHandlers {
  readonly #api: Machinery;
  readonly #watches: Watches;
  readonly #reviews: ReviewPolicy;
  readonly #lister: Lister;

  constructor(api: Machinery, o: { watches: Watches; reviews: ReviewPolicy }) {
    this.#api = api;
    this.#watches = o.watches;
    this.#reviews = o.reviews;
    this.#lister = new Lister(api);
  }

  async handle(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const info = requestInfo(request.method ?? "GET", url);
    const resource = info && this.#api.registry.find(info.group, info.version, info.resource);
    if (!info || !resource) throw noSuchResource();
    if (info.namespace !== undefined && !resource.namespaced) throw noSuchResource();
    const rendering = renderingFor(request.headers.accept);
    const call: Call = { info, resource, request, response, query: url.searchParams, rendering };
    if (info.subresource !== undefined && info.subresource !== "status") return this.#subresource(call);
    if (!resource.verbs.some((verb: Verb) => verb === info.verb)) throw methodNotAllowed();
    switch (info.verb) {
      case "list":
        return this.#list(call);
      case "watch":
        return this.#watches.open(
          {
            ...{ resource, rendering, query: url.searchParams, namespace: info.namespace, name: info.name },
            userAgent: request.headers["user-agent"] ?? "",
          },
          response,
        );
      case "get":
        return this.#sendObject(call, 200, read(this.#api, resource, refOf(call)));
      case "create":
        return this.#create(call);
      case "update":
        return this.#update(call);
      case "patch":
        return this.#patch(call);
      case "delete":
        return this.#delete(call);
      case "deletecollection":
        return this.#deleteCollection(call);
      default:
        throw methodNotAllowed();
    }
  }

  #list(call: Call): void {
    const { resource, info, query, rendering } = call;
    const page = this.#lister.page(resource, info.namespace, query);
    if (rendering === "object") send(call, 200, listJson(resource, page));
    else if (rendering === "table") {
      const includeObject = query.get("includeObject");
      const table = tableOf(resource, page.items, { listMeta: listMeta(page), includeObject, now: this.#api.now() });
      send(call, 200, JSON.stringify(table));
    } else {
      const items = page.items.map(metadataOnly);
      const head = { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata: listMeta(page) };
      send(call, 200, JSON.stringify({ ...head, items }));
    }
  }

  async #create(call: Call): Promise<void> {
    const { resource, info, request } = call;
    if (info.name !== undefined) throw methodNotAllowed();
    const body = decode(await readBody(request), mediaType(request));
    if (resource.verbs.length === 1) {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
      return send(call, 201, JSON.stringify(answerReview(resource, isObject(body) ? body : {}, this.#reviews, token)));
    }
    const options = writeOptions(call);
    const written = create(this.#api, resource, { namespace: info.namespace, body: objectFromBody(body), options });
    warn(call, written.warnings);
    this.#sendObject(call, 201, written.object);
  }

  async #update(call: Call): Promise<void> {
    const { resource, info, request } = call;
    if (info.subresource === "status" && !resource.statusSubresource) throw noSuchResource();
    const wanted = objectFromBody(decode(await readBody(request), mediaType(request)));
    const old = read(this.#api, resource, refOf(call));
    const written = update(this.#api, resource, {
      old,
      wanted,
      subresource: info.subresource,
      options: writeOptions(call),
    });
    warn(call, written.warnings);
    this.#sendObject(call, 200, written.object);
  }

  async #patch(call: Call): Promise<void> {
    const { resource, info, request, query } = call;
    if (info.subresource === "status" && !resource.statusSubresource) throw noSuchResource();
    const body = await readBody(request);
    const written = patch(this.#api, resource, {
      ref: refOf(call),
      subresource: info.subresource,
      body,
      mediaType: mediaType(request),
      force: isTrue(query.get("force") ?? "false"),
      namedManager: query.has("fieldManager"),
      options: writeOptions(call),
    });
    warn(call, written.warnings);
    this.#sendObject(call, written.created ? 201 : 200, written.object);
  }

  async #delete(call: Call): Promise<void> {
    const { resource, request, query } = call;
    const options = deleteOptionsFrom(decode(await readBody(request), mediaType(request)), query);
    const object = read(this.#api, resource, refOf(call));
    const { object: last, gone } = remove(this.#api, resource, { object, options });
    if (!gone || resource.hub === "/pods") return this.#sendObject(call, 200, last);
    send(call, 200, JSON.stringify(deleted(resource, object)));
  }

  async #deleteCollection(call: Call): Promise<void> {
    const { resource, info, request, query } = call;
    const options = deleteOptionsFrom(decode(await readBody(request), mediaType(request)), query);
    const selected = selectorFrom(resource, query);
    const items = this.#api.store
      .list(resource.hub, info.namespace)
      .map((stored) => viewOf(stored, resource))
      .filter((object) => selected?.(object) ?? true);
    for (const object of items) remove(this.#api, resource, { object, options });
    const page = {
      items,
      resourceVersion: String(this.#api.store.version),
      continueToken: undefined,
      remaining: undefined,
    };
    send(call, 200, listJson(resource, page));
  }

  async #subresource(call: Call): Promise<void> {
    const { resource, info, request, response, query } = call;
    if (info.subresource === "scale" && resource.scale) return this.#scale(call);
    if (!resource.extraSubresources.includes(info.subresource ?? "")) throw noSuchResource();
    const object = read(this.#api, resource, refOf(call));
    if (info.subresource === "log") return proxyLog(this.#api, object, query, response);
    const body = decode(await readBody(request), mediaType(request));
    switch (info.subresource) {
      case "binding":
        bind(this.#api, resource, { pod: object, binding: body, options: writeOptions(call) });
        return send(call, 201, JSON.stringify(success));
      case "eviction": {
        const options = deleteOptionsFrom(isObject(body) ? body.deleteOptions : undefined, query);
        remove(this.#api, resource, { object, options });
        return send(call, 201, JSON.stringify(success));
      }
      case "finalize": {
        const wanted = objectFromBody(body);
        const options = writeOptions(call);
        const written = update(this.#api, resource, { old: object, wanted, subresource: "finalize", options });
        return this.#sendObject(call, 200, written.object);
      }
      case "token":
        return send(call, 201, JSON.stringify(issueToken(object, body, this.#api.now())));
      default:
        throw notImplemented(`the subresource ${resource.plural}/${info.subresource}`);
    }
  }

  async #scale(call: Call): Promise<void> {
    const { resource, info, request } = call;
    const { scale } = resource;
    const old = read(this.#api, resource, refOf(call));
    if (!scale) throw noSuchResource();
    if (info.verb === "get") return this.#sendScale(call, scaleOf(old, scale));
    if (info.verb !== "update" && info.verb !== "patch") throw methodNotAllowed();
    const body = await readBody(request);
    const asked =
      info.verb === "update"
        ? decode(body, mediaType(request))
        : patched(resource, scaleOf(old, scale), body, scalePatchType(request));
    const wanted = withScale(resource, old, scale, asked);
    const written = update(this.#api, resource, { old, wanted, subresource: undefined, options: writeOptions(call) });
    this.#sendScale(call, scaleOf(written.object, scale));
  }

  #sendScale(call: Call, scale: KubeObject): void {
    send(call, 200, JSON.stringify(scale));
  }

  #sendObject(call: Call, status: number, object: KubeObject): void {
    send(call, status, this.#rendered(call, object));
  }

  #rendered({ rendering, resource, query }: Call, object: KubeObject): string {
    if (rendering === "object") return jsonOf(object);
    if (rendering === "metadata") return JSON.stringify(metadataOnly(object));
    const listMeta: JsonObject = { resourceVersion: object.metadata.resourceVersion };
    const includeObject = query.get("includeObject");
    return JSON.stringify(tableOf(resource, [object], { listMeta, includeObject, now: this.#api.now() }));
  }
}

const success: StatusBody = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

function deleted(resource: ResourceDefinition, { metadata }: KubeObject): StatusBody {
  const { name, uid } = metadata;
  const details = { name, ...(resource.group && { group: resource.group }), kind: resource.plural, uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

/** Scale is a built-in kind also where it belongs to a custom one. */
function scalePatchType(request: IncomingMessage): string {
  const type = mediaType(request);
  return type === "application/strategic-merge-patch+json" ? "application/merge-patch+json" : type;
}

function refOf({ info, resource }: Call): Ref {
  if (info.name === undefined) throw methodNotAllowed();
  if (resource.namespaced && info.namespace === undefined)
    throw badRequest("namespace is required to name this resource");
  return { namespace: info.namespace, name: info.name };
}

function writeOptions({ query, request }: Call): WriteOptions {
  const dryRun = query.get("dryRun");
  if (dryRun !== null && dryRun !== "All") throw badRequest(`dryRun is ${JSON.stringify(dryRun)}, expected All`);
  const agent = request.headers["user-agent"]?.split("/")[0]?.trim() || "unknown";
  return {
    fieldManager: query.get("fieldManager") || agent.slice(0, 128),
    dryRun: dryRun === "All",
    fieldValidation: fieldValidation(query.get("fieldValidation")),
  };
}

function fieldValidation(given: string | null): FieldValidation {
  if (given === null || given === "") return "Warn";
  if (given === "Ignore" || given === "Warn" || given === "Strict") return given;
  throw new ApiError(422, "Invalid", `fieldValidation is ${JSON.stringify(given)}, expected Ignore, Warn or Strict`);
}

function warn({ response }: Call, warnings: readonly string[]): void {
  if (warnings.length > 0)
    response.setHeader(
      "warning",
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    );
}

function send({ response, request }: Call, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(request.method === "HEAD" ? undefined : text);
}
