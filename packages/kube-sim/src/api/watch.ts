import type { ServerResponse } from "node:http";
import type { Rendering } from "./content.ts";
import type { JsonObject } from "./json.ts";
import { selectorFrom } from "./list.ts";
import { checkListOptions } from "./list-options.ts";
import { type Machinery, viewOf } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { isTrue } from "./request-info.ts";
import type { ResourceDefinition } from "./resource.ts";
import { type ApiError, expired } from "./status.ts";
import type { StoreEvent } from "./store.ts";
import { type Feed, Feeds } from "./watch-feed.ts";
import { bookmarkLine, lineWriter, visible } from "./watch-lines.ts";

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
  readonly #feeds = new Feeds<ResourceDefinition>();
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
    const { store } = this.#api;
    const selected = selectorFrom(resource, query);
    const wanted = (object: KubeObject) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      (selected === undefined || selected(object));
    const line = lineWriter(request, this.#api);
    const lineOf = (event: StoreEvent) => {
      const seen = visible(event, resource, wanted);
      return seen && line(seen);
    };
    const sendInitial = isTrue(query.get("sendInitialEvents") ?? "false");
    const asked = query.get("resourceVersion");
    let first: string[];
    if (sendInitial || !asked || asked === "0") {
      const views = store.list(resource.hub, namespace).map((stored) => viewOf(stored, resource));
      first = views.filter(wanted).map((object) => line({ type: "ADDED", object }));
    } else {
      const past = store.since(resource.hub, startVersion(asked, store.version));
      first = past.map(lineOf).filter((text) => text !== undefined);
    }
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
    response.flushHeaders();
    if (first.length > 0) response.write(first.join(""));
    const feed = this.#feeds.join(response, {
      subject: resource,
      key: feedKey(request),
      source: (push) =>
        store.follow(resource.hub, (event) => {
          const text = lineOf(event);
          if (text !== undefined) push(text);
        }),
    });
    const bookmarks = isTrue(query.get("allowWatchBookmarks") ?? "false");
    const bookmark = (annotations?: JsonObject) => {
      if (!bookmarks) return;
      feed.flush();
      response.write(bookmarkLine(request, String(store.version), annotations));
    };
    if (sendInitial) bookmark({ "k8s.io/initial-events-end": "true" });
    this.#track(request, response, { feed, bookmark });
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
    { feed, bookmark }: { feed: Feed; bookmark: () => void },
  ): void {
    const seconds = Number(request.query.get("timeoutSeconds") ?? 0);
    const watch = {
      request,
      bookmark,
      end: (status?: ApiError) => {
        feed.flush();
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

/** Watches of a kind with the same key see the same lines; undefined for tables, whose first line is another. */
function feedKey({ namespace, name, query, rendering }: WatchRequest): string | undefined {
  if (rendering === "table") return undefined;
  return JSON.stringify([namespace, name, query.get("labelSelector"), query.get("fieldSelector"), rendering]);
}
