import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Faults, matches, ownUserAgent, type RequestFacts, type RequestMatch } from "../faults/faults.ts";
import { RequestLog } from "../faults/request-log.ts";
import { sufferAll } from "../faults/suffer.ts";
import { questionOf } from "../auth/gate.ts";
import { discoveryDocument } from "./discovery.ts";
import type { Machinery } from "./machinery.ts";
import { openApiDocument, openApiIndex, sendOpenApiV2 } from "./openapi.ts";
import { ResourceHandlers } from "./resource-handlers.ts";
import { type RequestTarget, requestTarget } from "./request-info.ts";
import type { ReviewPolicy } from "./reviews.ts";
import { ApiError, badRequest, PageNotFound } from "./status.ts";
import { Watches } from "./watch.ts";

/** How the API is served. */
export interface ApiServerOptions {
  bookmarkMs: number;
  requestLogLimit: number;
  reviews: ReviewPolicy;
  /** Absent: plain HTTP. Clients may show certificates of the authority. */
  tls?: { ca: string; cert: string; key: string };
}

/** The API over HTTP or HTTPS on 127.0.0.1. */
export class ApiServer {
  readonly faults = new Faults();
  readonly requests: RequestLog;
  readonly watches: Watches;
  readonly #api: Machinery;
  readonly #handlers: ResourceHandlers;
  readonly #server: Server;
  readonly #scheme: string;
  readonly #sockets = new Set<Socket>();

  constructor(api: Machinery, options: ApiServerOptions) {
    this.#api = api;
    this.requests = new RequestLog(options.requestLogLimit);
    this.watches = new Watches(api, options.bookmarkMs);
    this.#handlers = new ResourceHandlers(api, { watches: this.watches, reviews: options.reviews });
    this.#scheme = options.tls ? "https" : "http";
    const settings = { keepAliveTimeout: 60_000, requestTimeout: 0 };
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response);
    this.#server = options.tls
      ? createTlsServer({ ...settings, ...options.tls, requestCert: true, rejectUnauthorized: false }, listener)
      : createServer(settings, listener);
    this.#server.on("connection", (socket) => {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** Starts to listen (0: on a free port) and returns the URL. Rejects when the port is taken. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve());
    });
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the API server has no TCP address");
    return `${this.#scheme}://127.0.0.1:${address.port}`;
  }

  /** Drops the connections of the open watches that fit; returns how many. */
  closeWatches(match: RequestMatch = {}): number {
    return this.watches.close((watch) =>
      matches(match, {
        verb: "watch",
        resource: watch.resource.plural,
        namespace: watch.namespace,
        name: watch.name,
        subresource: undefined,
        userAgent: watch.userAgent,
      }),
    );
  }

  /** Breaks all connections off and listens again, at the same address, once the promise has settled. */
  async restart(meanwhile: Promise<unknown>): Promise<void> {
    const address = this.#server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    await this.close();
    await Promise.allSettled([meanwhile]);
    await this.listen(port);
  }

  async close(): Promise<void> {
    this.watches.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request);
    if (!target) return this.#fail(response, badRequest(`cannot read the URL ${request.url}`));
    const facts = factsOf(request, target);
    const record = this.#record(request, target, facts);
    try {
      const actions = this.faults.actionsFor(facts);
      if (actions.length > 0 && (await sufferAll(actions, response, target.query))) return;
      const question = questionOf(facts.verb, target);
      const user = this.#api.gate.identify(request, question, this.#api.now());
      if (record) record.user = user.username;
      this.#api.gate.demand(user, question);
      if (target.info || !this.#document(request, target.path, response))
        await this.#handlers.handle(request, target, { user, response });
    } catch (error) {
      this.#fail(response, error);
    } finally {
      const status = response.headersSent ? response.statusCode : 0;
      if (record) this.requests.finish(record, status);
    }
  }

  #record(request: IncomingMessage, { path, query, info }: RequestTarget, facts: RequestFacts) {
    if (facts.userAgent.startsWith(ownUserAgent)) return undefined;
    const record = {
      ...facts,
      at: this.#api.now(),
      method: request.method ?? "GET",
      path,
      group: info?.group ?? "",
      version: info?.version ?? "",
      fieldManager: query.get("fieldManager") ?? undefined,
      user: "",
      status: 0,
      done: undefined,
    };
    this.requests.add(record);
    return record;
  }

  /** Answers requests for documents about the API; false when it is none. */
  #document(request: IncomingMessage, path: string, response: ServerResponse): boolean {
    if (["/healthz", "/readyz", "/livez"].includes(path)) {
      response.writeHead(200, { "content-type": "text/plain" }).end("ok");
      return true;
    }
    if (path === "/openapi/v2") {
      sendOpenApiV2(request.headers.accept, response);
      return true;
    }
    const { registry } = this.#api;
    const openApi = path.startsWith("/openapi/v3/") ? openApiDocument(registry, path.slice(12)) : undefined;
    const body = path === "/openapi/v3" ? openApiIndex(registry) : openApi;
    const document = body
      ? { body, contentType: "application/json" }
      : discoveryDocument(registry, path, request.headers.accept);
    if (!document) return false;
    response.writeHead(200, { "content-type": document.contentType }).end(JSON.stringify(document.body));
    return true;
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const known = error instanceof ApiError ? error : undefined;
    if (known instanceof PageNotFound) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end(known.text);
      return;
    }
    if (!known) this.#api.log.error({ err: error }, "request failed");
    const message = error instanceof Error ? error.message : String(error);
    const { code, body } = known ?? new ApiError(500, "InternalError", `Internal error occurred: ${message}`);
    const retryAfter = body.details?.retryAfterSeconds;
    response
      .writeHead(code, {
        "content-type": "application/json",
        ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      })
      .end(JSON.stringify(body));
  }
}

/** Undefined for what no URL can be read from. */
function targetOf({ method = "GET", url = "/" }: IncomingMessage): RequestTarget | undefined {
  try {
    return requestTarget(method, url);
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function factsOf(request: IncomingMessage, { info }: RequestTarget): RequestFacts {
  return {
    verb: info?.verb ?? (request.method ?? "GET").toLowerCase(),
    resource: info?.resource ?? "",
    namespace: info?.namespace,
    name: info?.name,
    subresource: info?.subresource,
    userAgent: request.headers["user-agent"] ?? "",
  };
}
