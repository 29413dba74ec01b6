import type { ServerResponse } from "node:http";
import type { Rendering } from "./content.ts";
import { isObject, type JsonObject } from "./json.ts";
import { selectorFrom } from "./list.ts";
import { checkListOptions } from "./list-options.ts";
import { jsonOf, type Machinery, viewOf } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { isTrue } from "./request-info.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource.ts";
import { type ApiError, expired } from "./status.ts";
import type { StoreEvent } from "./store.ts";
import { metadataOnly, tableOf } from "./table.ts";
import { type Outbox, Outboxes } from "./watch-outbox.ts";

/** A watch as a client opened it. */
export interface WatchRequest {
  resource: ResourceDefinition;
  namespace: string | undefined;
  name: string | undefined;
  query: URLSearchParams;
  rendering: Rendering;
  userAgent: string;
}

/** Runs the open watches. */
export class Watches {
  readonly #api: Machinery;
  readonly #bookmarkMs: number;
  readonly #outboxes = new Outboxes();
  readonly #open = new Set<{ request: WatchRequest; end(status?: ApiError): void; bookmark(): void }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(api: Machinery, bookmarkMs: number) {
    this.#api = api;
    this.#bookmarkMs = bookmarkMs;
  }

  /** Answers with a stream of events until the client or its timeout ends it. Throws 410 before the first byte. */
  open(request: WatchRequest, response: ServerResponse): void {
    const { resource, namespace, name, query } = request;
    checkListOptions(query, "watch");
    const selected = selectorFrom(resource, query);
    const wanted = (object: KubeObject) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      (selected === undefined || selected(object));
    const encode = encoder(request, this.#api);
    const outbox = this.#outboxes.of(response);
    const write = (line: Buffer) => outbox.push(line);
    const { store } = this.#api;
    const asked = query.get("resourceVersion");
    const initial = isTrue(query.get("sendInitialEvents") ?? "false") || !asked || asked === "0";
    const from = initial ? store.version : startVersion(asked, store.version);
    const tell = (event: StoreEvent) => {
      const seen = visible(event, resource, wanted);
      if (seen) write(encode(seen.type, seen.object));
    };
    const head = () =>
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
    let stop: () => void;
    if (initial) {
      head();
      const views = store.list(resource.hub, namespace).map((stored) => viewOf(stored, resource));
      for (const view of views) if (wanted(view)) write(encode("ADDED", view));
      stop = store.follow(resource.hub, from, tell);
    } else {
      // The history is read before the head is sent, so that a version that is too old can still be a 410.
      const replay: StoreEvent[] = [];
      let live = false;
      stop = store.follow(resource.hub, from, (event) => (live ? tell(event) : replay.push(event)));
      live = true;
      head();
      for (const event of replay) tell(event);
    }
    response.flushHeaders();
    const bookmarks = isTrue(query.get("allowWatchBookmarks") ?? "false");
    const bookmark = (annotations?: JsonObject) =>
      write(Buffer.from(bookmarkLine(resource, request.rendering, String(store.version), annotations)));
    if (bookmarks && isTrue(query.get("sendInitialEvents") ?? "false"))
      bookmark({ "k8s.io/initial-events-end": "true" });
    this.#track(request, response, { outbox, stop, bookmark: () => bookmarks && bookmark() });
  }

  /** Ends the watches that a filter selects, as a dropped connection or with a last ERROR event. */
  close(filter: (request: WatchRequest) => boolean = () => true, status?: ApiError): number {
    const chosen = [...this.#open].filter(({ request }) => filter(request));
    for (const watch of chosen) watch.end(status);
    return chosen.length;
  }

  get count(): number {
    return this.#open.size;
  }

  #track(
    request: WatchRequest,
    response: ServerResponse,
    o: { outbox: Outbox; stop: () => void; bookmark: () => void },
  ): void {
    const seconds = Number(request.query.get("timeoutSeconds") ?? 0);
    const watch = {
      request,
      bookmark: o.bookmark,
      end: (status?: ApiError) => {
        o.outbox.flush();
        if (status) response.write(`${JSON.stringify({ type: "ERROR", object: status.body })}\n`);
        response.end();
      },
    };
    const timeout = seconds > 0 ? setTimeout(() => watch.end(), seconds * 1000) : undefined;
    timeout?.unref();
    this.#open.add(watch);
    this.#timer ??= setInterval(() => {
      for (const { bookmark } of this.#open) bookmark();
    }, this.#bookmarkMs).unref();
    response.once("close", () => {
      o.stop();
      clearTimeout(timeout);
      this.#open.delete(watch);
      if (this.#open.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }
}

function startVersion(asked: string | null, newest: number): number {
  const version = Number(asked);
  if (version > newest) throw expired(`Too large resource version: ${version}, current: ${newest}`);
  return version;
}

/** What a watcher with a selector sees: an object that no longer fits is deleted for it, one that fits now is new. */
function visible(
  event: StoreEvent,
  resource: ResourceDefinition,
  wanted: (object: KubeObject) => boolean,
): { type: string; object: KubeObject } | undefined {
  const object = viewOf(event.object, resource);
  const before = event.previous && event.type === "MODIFIED" ? wanted(viewOf(event.previous, resource)) : undefined;
  const now = wanted(object);
  if (event.type !== "MODIFIED") return now ? { type: event.type, object } : undefined;
  if (now) return { type: before ? "MODIFIED" : "ADDED", object };
  return before ? { type: "DELETED", object } : undefined;
}

/** The newest event as bytes: it goes to all watches of its kind in turn. */
let newest: { type: string; object: KubeObject; bytes: Buffer } | undefined;

function eventBytes(type: string, object: KubeObject): Buffer {
  if (newest?.object === object && newest.type === type) return newest.bytes;
  const bytes = Buffer.from(`{"type":"${type}","object":${jsonOf(object)}}\n`);
  newest = { type, object, bytes };
  return bytes;
}

function encoder(request: WatchRequest, api: Machinery): (type: string, object: KubeObject) => Buffer {
  const { resource, rendering, query } = request;
  if (rendering === "object") return eventBytes;
  if (rendering === "metadata")
    return (type, object) => Buffer.from(`${JSON.stringify({ type, object: metadataOnly(object) })}\n`);
  let first = true;
  return (type, object) => {
    const listMeta = { resourceVersion: object.metadata.resourceVersion };
    const includeObject = query.get("includeObject");
    const table = tableOf(resource, [object], { listMeta, includeObject, now: api.now(), definitions: first });
    first = false;
    return Buffer.from(`${JSON.stringify({ type, object: table })}\n`);
  };
}

function bookmarkLine(
  resource: ResourceDefinition,
  rendering: Rendering,
  resourceVersion: string,
  annotations: JsonObject | undefined,
): string {
  const metadata = { resourceVersion, ...(isObject(annotations) && { annotations }) };
  const plain = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
  const partial = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
  const table = {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: {},
    columnDefinitions: null,
    rows: [{ cells: [], object: partial }],
  };
  const object = rendering === "table" ? table : rendering === "metadata" ? partial : plain;
  return `${JSON.stringify({ type: "BOOKMARK", object })}\n`;
}
