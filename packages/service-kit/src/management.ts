import http, { type IncomingHttpHeaders } from "node:http";
import type http2 from "node:http2";
import { createGrpcHealth } from "./grpc-health.ts";
import { KitError } from "./kit-error.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { readBody } from "./read-body.ts";
import type { Readiness } from "./readiness.ts";
import { type RequestHandler, type Server, serve } from "./serve.ts";

export interface ManagementRequest {
  readonly url: URL;
  readonly body: Uint8Array;
  readonly headers: IncomingHttpHeaders;
}

export interface ManagementResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export type ManagementHandler = (request: ManagementRequest) => Promise<ManagementResponse>;

/** The management port's extra routes, beside /healthz, /readyz, /metrics and grpc.health.v1. */
export interface Management {
  /** The path is compared whole. A route that is there already is an error (`duplicate_route`). */
  route(method: string, path: string, handler: ManagementHandler): void;
}

export interface ManagementServer extends Management {
  listen(port: number, host?: string): Promise<Server>;
}

/** What the management port shows. */
export interface ManagementOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** The service name that gRPC health answers for, beside the empty one. */
  readonly name: string;
  /** Status of /readyz while starting and stopping. Default 503. */
  readonly notReadyStatus?: number;
}

// Enough for every request we know; a management port is no place for uploads.
const maxBodyBytes = 1024 * 1024;

/** The server of the management port. It answers from the first moment on, so that probes see "starting". */
export function createManagement(o: ManagementOptions): ManagementServer {
  const routes = new Map<string, ManagementHandler>();
  const route = (method: string, path: string, handler: ManagementHandler): void => {
    const key = `${method.toUpperCase()} ${path}`;
    if (routes.has(key))
      throw new KitError("duplicate_route", `management route ${key} is there already, expected another path`);
    routes.set(key, handler);
  };
  route("GET", "/healthz", async () => json(200, { status: "ok" }));
  route("GET", "/readyz", async () => {
    const status = o.readiness.status();
    const ready = status.status === "ready" || status.status === "degraded";
    return json(ready ? 200 : (o.notReadyStatus ?? 503), status);
  });
  route("GET", "/metrics", async () => ({
    status: 200,
    headers: { "content-type": o.metrics.registry.contentType },
    body: await o.metrics.page(),
  }));

  const answer = async (request: http.IncomingMessage | http2.Http2ServerRequest): Promise<ManagementResponse> => {
    const url = new URL(request.url ?? "/", "http://management");
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    const handler = routes.get(`${method} ${url.pathname}`);
    if (handler === undefined) return unknownRoute(routes, method, url.pathname);
    const body = await readBody(request, maxBodyBytes);
    return body === undefined
      ? json(413, { error: `body is over ${maxBodyBytes} bytes` })
      : await handler({ url, body, headers: request.headers });
  };
  const handler: RequestHandler = (request, response) => {
    answer(request)
      .catch((err: unknown) => {
        o.log.error({ err, path: request.url }, "management request failed");
        return json(500, { error: "internal error, see the log" });
      })
      .then((out) => respond(request, response, out));
  };
  const stream = createGrpcHealth(o.readiness, o.name);
  return {
    route,
    listen: (port, host) =>
      serve({ name: "management", at: { port, ...(host === undefined ? {} : { host }) }, handler, stream }),
  };
}

function json(status: number, value: unknown): ManagementResponse {
  return { status, headers: { "content-type": "application/json" }, body: `${JSON.stringify(value)}\n` };
}

function unknownRoute(routes: ReadonlyMap<string, unknown>, method: string, path: string): ManagementResponse {
  const methods = [...routes.keys()].filter((key) => key.endsWith(` ${path}`)).map((key) => key.split(" ")[0] ?? "");
  if (methods.length === 0) return json(404, { error: `no ${path} here`, paths: [...routes.keys()] });
  const refused = json(405, { error: `${path} does not take ${method}, expected ${methods.join(" or ")}` });
  return { ...refused, headers: { ...refused.headers, allow: methods.join(", ") } };
}

function respond(
  request: http.IncomingMessage | http2.Http2ServerRequest,
  response: http.ServerResponse | http2.Http2ServerResponse,
  out: ManagementResponse,
): void {
  const body = out.body ?? "";
  const headers = { ...out.headers, "content-length": Buffer.byteLength(body) };
  // The two classes' overloads do not unite, although both take this call.
  if (response instanceof http.ServerResponse)
    response.writeHead(out.status, headers).end(request.method === "HEAD" ? "" : body);
  else response.writeHead(out.status, headers).end(request.method === "HEAD" ? "" : body);
}
