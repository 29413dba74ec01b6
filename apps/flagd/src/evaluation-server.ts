import { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import {
  type Part,
  type RequestHandler,
  type Server,
  type ServeOptions,
  serve,
  withoutEndlessDeadlines,
} from "@burgee/service-kit";
import { createContextValues, type Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { requestHeaders } from "./context.ts";
import { createCors } from "./cors.ts";
import { serveEvaluationV1 } from "./endpoints/evaluation-v1.ts";
import { serveEvaluationV2 } from "./endpoints/evaluation-v2.ts";
import { serveSchemaV1 } from "./endpoints/schema-v1.ts";
import { createGrpcPath, type FastPathOptions } from "./fast/grpc-path.ts";
import { createJsonPath } from "./fast/json-path.ts";
import { createFastMethods } from "./fast/methods.ts";
import { createResolveAllMethods } from "./fast/resolve-all.ts";
import { httpLimits } from "./http-limits.ts";
import type { HttpMetrics } from "./http-metrics.ts";
import type { FlagdMetrics } from "./metrics.ts";
import { allowPost, notFound } from "./refusals.ts";
import { jsonOptions, type RpcOptions, sentHeaders } from "./rpc.ts";

/** The port of evaluation, and what is answered there. */
export interface EvaluationServerOptions {
  readonly at: ServeOptions["at"];
  readonly tls: ServeOptions["tls"];
  readonly rpc: RpcOptions;
  /** schema.v1 never looks at headers. */
  readonly schemaV1: RpcOptions;
  readonly corsOrigins: readonly string[];
  /** 0: no limit. */
  readonly maxRequestBytes: number;
  /** 0: 1 MiB. */
  readonly maxHeaderBytes: number;
  readonly metrics: Pick<FlagdMetrics, "http" | "rpc">;
  /** Plain calls are answered without Connect; off: every call goes through it. */
  readonly fast: boolean;
  /** Measures and traces every call. */
  readonly telemetry: Interceptor;
  readonly onListening: (port: number) => void;
}

/** The evaluation port: three versions of the protocol over gRPC, gRPC-Web and Connect, on HTTP/1.1 and HTTP/2. */
export function createEvaluationServer(o: EvaluationServerOptions): Part {
  const handler = evaluationHandler(o);
  const { http1, http2 } = httpLimits({ maxHeaderBytes: o.maxHeaderBytes, headersTimeoutMs: 1_000 });
  const stream = o.fast ? createGrpcPath(fastPathOptions(o)) : undefined;
  let server: Server | undefined;
  return {
    name: "evaluation server",
    async start() {
      server = await serve({
        name: "evaluation",
        at: o.at,
        handler,
        http1,
        http2,
        ...(stream !== undefined && { stream }),
        ...(o.tls !== undefined && { tls: o.tls }),
      });
      o.onListening(server.port);
    },
    async stop() {
      for (const { events } of [o.rpc, o.schemaV1]) events.shutdown();
      await server?.close();
    },
  };
}

function fastPathOptions(o: EvaluationServerOptions): FastPathOptions {
  const methods = [...createFastMethods(o), ...createResolveAllMethods(o)];
  return { ...o.metrics, methods, maxRequestBytes: o.maxRequestBytes, scheme: schemeOf(o) };
}

function schemeOf({ tls }: EvaluationServerOptions): "http" | "https" {
  return tls === undefined ? "http" : "https";
}

/** Handles one HTTP request of the evaluation port. */
export function evaluationHandler(o: EvaluationServerOptions): RequestHandler {
  const adapter = connectNodeAdapter({
    routes(router) {
      serveEvaluationV2(router, o.rpc);
      serveEvaluationV1(router, o.rpc);
      serveSchemaV1(router, o.schemaV1);
    },
    contextValues: ({ rawHeaders }) => createContextValues().set(sentHeaders, requestHeaders(rawHeaders)),
    interceptors: [o.telemetry],
    jsonOptions,
    ...(o.maxRequestBytes > 0 && { readMaxBytes: o.maxRequestBytes }),
    fallback: notFound,
  });
  const rpc = withoutEndlessDeadlines(adapter);
  const cors = createCors(o.corsOrigins);
  const scheme = schemeOf(o);
  const fast = o.fast ? createJsonPath({ ...fastPathOptions(o), cors }) : undefined;
  const general: RequestHandler = (request, response) => {
    measure(request, response, { metrics: o.metrics.http, scheme });
    const { headers, preflight } = cors(request);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!preflight) {
      allowPost(request, response);
      return rpc(request, response);
    }
    response.statusCode = 204;
    response.end();
  };
  return (request, response) => {
    const plain = fast !== undefined && request instanceof IncomingMessage && response instanceof ServerResponse;
    if (!plain || !fast(request, response, () => general(request, response))) general(request, response);
  };
}

const routePattern = /^\/(?:flagd\.evaluation\.v[12]|schema\.v1)\.Service\/[A-Za-z]+$/;

/** Paths that nobody serves share one label, so that callers cannot make up new ones. */
function measure(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  o: { metrics: HttpMetrics; scheme: "http" | "https" },
): void {
  const path = request.url ?? "";
  const end = o.metrics.begin({
    route: routePattern.test(path) ? path : "other",
    method: methods.has(request.method ?? "") ? (request.method ?? "") : "_OTHER",
    scheme: o.scheme,
  });
  let bytes = 0;
  const { write, end: finish } = response;
  response.write = (...chunk: unknown[]) => {
    bytes += sizeOf(chunk[0]);
    return Reflect.apply(write, response, chunk);
  };
  response.end = (...chunk: unknown[]) => {
    bytes += sizeOf(chunk[0]);
    return Reflect.apply(finish, response, chunk);
  };
  response.once("close", () => end({ status: response.statusCode, bytes }));
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function sizeOf(chunk: unknown): number {
  if (typeof chunk === "string") return Buffer.byteLength(chunk);
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
