import type { ServerHttp2Stream } from "node:http2";
import { gunzipSync } from "node:zlib";
import { type ServeOptions, serve } from "../serve.ts";
import { type Decoded, decodeMessage, exportRequests } from "./otlp-decode.ts";

/** One span or metric with what surrounds it. */
export interface CollectedItem {
  readonly resource: Record<string, unknown>;
  readonly scope: string;
  readonly item: Decoded;
}

/** A collector of OTLP over gRPC and over HTTP with protobuf, on one port; what came in is decoded. */
export interface OtlpCollector {
  readonly port: number;
  readonly spans: CollectedItem[];
  readonly metrics: CollectedItem[];
  /** Headers of every request, and how it came. */
  readonly requests: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** HTTP status of answers from now on. */
  answer(status: number): void;
  stop(): Promise<void>;
}

const grpcPaths = {
  "/opentelemetry.proto.collector.trace.v1.TraceService/Export": "traces",
  "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export": "metrics",
} as const;
const httpPaths = { "/v1/traces": "traces", "/v1/metrics": "metrics" } as const;

export async function startOtlpCollector(o: Pick<ServeOptions, "tls"> = {}): Promise<OtlpCollector> {
  const collected: Record<keyof typeof exportRequests, CollectedItem[]> = { traces: [], metrics: [] };
  const requests: { path: string; headers: Readonly<Record<string, unknown>> }[] = [];
  let status = 200;
  const take = (signal: keyof typeof exportRequests, body: Uint8Array): void => {
    const message = decodeMessage(body, exportRequests[signal]);
    for (const group of children(message, "resources")) {
      const resource = attributesIn(group.resource);
      for (const part of children(group, "scopes")) {
        const scope = isDecoded(part.scope) ? String(part.scope.name ?? "") : "";
        for (const item of children(part, "items")) collected[signal].push({ resource, scope, item });
      }
    }
  };
  const server = await serve({
    name: "collector",
    at: { port: 0, host: "127.0.0.1" },
    ...(o.tls !== undefined && { tls: o.tls }),
    stream(stream, headers) {
      const path = headers[":path"] ?? "";
      if (!isKey(grpcPaths, path)) return false;
      requests.push({ path, headers });
      answerGrpc(stream, (frame) => {
        const message = frame.subarray(5);
        take(grpcPaths[path], frame[0] === 1 ? gunzipSync(message) : message);
      });
      return true;
    },
    handler(request, response) {
      const path = request.url ?? "";
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.once("end", () => {
        requests.push({ path, headers: request.headers });
        const body = Buffer.concat(chunks);
        const known = isKey(httpPaths, path);
        if (known && status === 200) {
          take(httpPaths[path], request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
        }
        response.statusCode = known ? status : 404;
        response.end();
      });
    },
  });
  return {
    port: server.port,
    spans: collected.traces,
    metrics: collected.metrics,
    requests,
    answer(next) {
      status = next;
    },
    stop: () => server.close(0),
  };
}

function answerGrpc(stream: ServerHttp2Stream, take: (frame: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("error", () => stream.destroy());
  stream.once("end", () => {
    take(Buffer.concat(chunks));
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
}

function isKey<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(table, key);
}

function isDecoded(value: unknown): value is Decoded {
  return typeof value === "object" && value !== null;
}

function children(message: Decoded, name: string): Decoded[] {
  const value = message[name];
  return Array.isArray(value) ? value.filter(isDecoded) : [];
}

function attributesIn(value: unknown): Record<string, unknown> {
  return isDecoded(value) && isDecoded(value.attributes) ? value.attributes : {};
}
