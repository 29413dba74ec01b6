import type { IncomingMessage, ServerResponse } from "node:http";
import { decode, mediaType, readBody } from "./body.ts";
import type { UserInfo } from "../auth/user.ts";
import { reviewRemoval } from "./admission/removal.ts";
import { type Call, refOf, send, sendObject, warn, writeOptions } from "./call.ts";
import { renderingFor } from "./content.ts";
import { createByUpdate, isCreatedByUpdate } from "./create-by-update.ts";
import { isObject } from "./json.ts";
import { Lister, listJson, listMeta, selectorFrom } from "./list.ts";
import { type Machinery, viewOf } from "./machinery.ts";
import { keyOf, type KubeObject, objectFromBody } from "./object.ts";
import { patch, type PatchRequest } from "./patch-request.ts";
import { refuseOtherNode } from "./pods.ts";
import { deleteOptionsFrom, remove } from "./remove.ts";
import { isTrue, type RequestInfo, type RequestTarget } from "./request-info.ts";
import { isCustom, type ResourceDefinition, type Verb } from "./resource.ts";
import { answerReview, type ReviewPolicy } from "./reviews.ts";
import { type ApiError, methodNotAllowed, noSuchResource, PageNotFound, type StatusBody } from "./status.ts";
import { handleSubresource } from "./subresource-handlers.ts";
import { metadataOnly, tableOf } from "./table.ts";
import { readTyped } from "./typed.ts";
import type { Watches } from "./watch.ts";
import { create } from "./create.ts";
import { untilSettled, update } from "./update.ts";
import { read } from "./write.ts";

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

  /** Answers a request that the gate has let in as this user. */
  async handle(
    request: IncomingMessage,
    { info, query }: RequestTarget,
    { user, response }: { user: UserInfo; response: ServerResponse },
  ): Promise<void> {
    const resource = info && this.#api.registry.find(info.group, info.version, info.resource);
    if (!info || !resource) throw notServed(this.#api, info);
    if (info.namespace !== undefined && !resource.namespaced) throw noSuchResource();
    const rendering = renderingFor(request.headers.accept);
    const call: Call = { info, resource, request, response, query, rendering, user, now: this.#api.now() };
    if (resource.deprecation !== undefined) warn(call, [resource.deprecation]);
    if (info.subresource !== undefined && info.subresource !== "status") return handleSubresource(this.#api, call);
    if (!resource.verbs.some((verb: Verb) => verb === info.verb)) throw methodNotAllowed();
    switch (info.verb) {
      case "list":
        return this.#list(call);
      case "watch":
        return this.#watches.open(
          {
            ...{ resource, rendering, query, namespace: info.namespace, name: info.name },
            userAgent: request.headers["user-agent"] ?? "",
          },
          response,
        );
      case "get":
        return sendObject(call, 200, read(this.#api, resource, refOf(call)));
      case "create":
        return await this.#create(call);
      case "update":
        return await this.#update(call);
      case "patch":
        return await this.#patch(call);
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
      const table = tableOf(resource, page.items, { listMeta: listMeta(page), includeObject, now: call.now });
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
    const bytes = await readBody(request);
    if (resource.verbs.length === 1) {
      const body = decode(bytes, mediaType(request));
      const context = { gate: this.#api.gate, policy: this.#reviews, caller: call.user, namespace: info.namespace };
      const answer = answerReview(resource, isObject(body) ? body : {}, { ...context, now: call.now });
      return send(call, 201, JSON.stringify(answer));
    }
    const options = writeOptions(call);
    const body = readTyped(resource, bytes, { mediaType: mediaType(request), ...options });
    const asked = { namespace: info.namespace, body: objectFromBody(body), options };
    const written = await create(this.#api, resource, asked);
    warn(call, written.warnings);
    sendObject(call, 201, written.object);
  }

  async #update(call: Call): Promise<void> {
    const { resource, info, request } = call;
    if (info.subresource === "status" && !resource.statusSubresource) throw noSuchResource();
    const options = writeOptions(call);
    const body = readTyped(resource, await readBody(request), { mediaType: mediaType(request), ...options });
    const wanted = objectFromBody(body);
    const { subresource } = info;
    const ref = refOf(call);
    if (subresource === undefined && isCreatedByUpdate(this.#api, resource, ref)) {
      this.#api.gate.demand(call.user, { ...info, verb: "create" });
      const made = await createByUpdate(this.#api, resource, { ref, wanted, options });
      warn(call, made.warnings);
      return sendObject(call, 201, made.object);
    }
    const written = await untilSettled(() => {
      const old = read(this.#api, resource, ref);
      refuseOtherNode(resource, old, wanted);
      return update(this.#api, resource, { old, wanted, subresource, options });
    });
    warn(call, written.warnings);
    sendObject(call, 200, written.object);
  }

  async #patch(call: Call): Promise<void> {
    const { resource, info, request, query } = call;
    if (info.subresource === "status" && !resource.statusSubresource) throw noSuchResource();
    const body = await readBody(request);
    const asked: PatchRequest = {
      ref: refOf(call),
      subresource: info.subresource,
      body,
      mediaType: mediaType(request),
      force: isTrue(query.get("force") ?? "false"),
      namedManager: query.has("fieldManager"),
      options: writeOptions(call),
      // Whoever applies what is not there creates it.
      demandCreate: () => this.#api.gate.demand(call.user, { ...info, verb: "create" }),
    };
    const written = await untilSettled(() => patch(this.#api, resource, asked));
    warn(call, written.warnings);
    sendObject(call, written.created ? 201 : 200, written.object);
  }

  async #delete(call: Call): Promise<void> {
    const { resource, request, query } = call;
    const options = deleteOptionsFrom(decode(await readBody(request), mediaType(request)), query);
    await reviewRemoval(this.#api, call, { object: read(this.#api, resource, refOf(call)), options });
    const object = read(this.#api, resource, refOf(call));
    const { object: last, gone } = remove(this.#api, resource, { object, options });
    if (!gone || resource.hub === "/pods") return sendObject(call, 200, last);
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
    for (const object of items) {
      await reviewRemoval(this.#api, call, { object, options });
      const present = this.#api.store.get(resource.hub, keyOf(object));
      if (present) remove(this.#api, resource, { object: viewOf(present, resource), options });
    }
    const page = {
      items,
      resourceVersion: String(this.#api.store.version),
      continueToken: undefined,
      remaining: undefined,
    };
    send(call, 200, listJson(resource, page));
  }
}

/** Built-in groups say that they do not have the resource; below others there is nothing. */
function notServed(api: Machinery, info: RequestInfo | undefined): ApiError {
  const known = info && api.registry.all().some((resource) => resource.group === info.group && !isCustom(resource));
  return known ? noSuchResource() : new PageNotFound();
}

function deleted(resource: ResourceDefinition, { metadata }: KubeObject): StatusBody {
  const { name, uid } = metadata;
  const details = { name, ...(resource.group && { group: resource.group }), kind: resource.plural, uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
