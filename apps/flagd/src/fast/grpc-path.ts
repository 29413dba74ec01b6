import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { ErrorCode } from "@burgee/flag-engine";
import { parseSelector } from "@burgee/flag-sync";
import type { StreamHandler } from "@burgee/service-kit";
import { requestHeaders } from "../context.ts";
import type { HttpMetrics, HttpRoute } from "../http-metrics.ts";
import { rpcErrors } from "../rpc.ts";
import type { RpcMethod, RpcMetrics } from "../rpc-metrics.ts";
import { readTimeoutMs } from "./grpc-timeout.ts";
import { envelopeBytes, type FastMethod } from "./methods.ts";
import { orUndefined } from "./or-undefined.ts";
import { readWireRequest } from "./wire-reader.ts";

/** Which calls are answered without Connect, and what counts them. */
export interface FastPathOptions {
  readonly methods: readonly FastMethod[];
  /** 0: no limit. */
  readonly maxRequestBytes: number;
  readonly http: HttpMetrics;
  readonly rpc: RpcMetrics;
  readonly scheme: "http" | "https";
}

/** A method and what counts its calls. */
interface GrpcMethod extends FastMethod {
  readonly http: HttpRoute;
  readonly rpc: RpcMethod;
}

/** How a call ends. */
interface Outcome {
  /** Connect's name of the code, empty for success. */
  readonly name: string;
  readonly trailers: Readonly<Record<string, string>>;
  readonly frame: Buffer | undefined;
}

const nothing = Buffer.alloc(0);
const responseHeaders = { ":status": 200, "content-type": "application/grpc+proto", vary: "Origin" } as const;
const ok = { "grpc-status": "0" } as const;

/**
 * Answers plain unary gRPC calls for one flag right on the HTTP/2 stream, byte for byte as Connect would: no objects of the
 * compatibility API, no pipelines, no promises. Whatever is not plain goes to Connect, which knows the whole protocol:
 * compressed requests, browsers, other encodings, messages in pieces, errors of the protocol. Answers for one flag are small and
 * not compressed, whatever the client accepts.
 */
export function createGrpcPath(o: FastPathOptions): StreamHandler {
  const methods = new Map(o.methods.map((method) => [method.path, counted(method, o)]));
  return (stream, headers, flags, { rawHeaders, handOver }) => {
    const method = methods.get(headers[":path"] ?? "");
    if (method === undefined || !isPlain(headers, flags) || (method.answersAreLarge && wantsCompression(headers)))
      return false;
    const timeoutMs = readTimeoutMs(headers["grpc-timeout"]?.toString());
    const selected = parseSelector(headers["flagd-selector"]?.toString() ?? "");
    if (timeoutMs === undefined || !selected.ok) return false;

    const startedAt = performance.now();
    let open = true;
    const finish = (outcome: Outcome, requestBytes: number): void => {
      open = false;
      const sent = send(stream, outcome);
      const milliseconds = performance.now() - startedAt;
      method.http.record(200, milliseconds / 1_000, sent);
      method.rpc.end(outcome.name, milliseconds, requestBytes, Math.max(0, sent - envelopeBytes));
    };
    const deadline = Number.isFinite(timeoutMs) ? setTimeout(() => finish(late, 0), timeoutMs) : undefined;
    // The client is gone, and nobody is left to be told.
    stream.on("error", () => {});
    stream.on("close", () => clearTimeout(deadline));
    const onData = (chunk: Buffer): void => {
      // A deadline that has passed, or a second message, which unary calls do not have.
      if (!open) return;
      clearTimeout(deadline);
      const request = isWhole(chunk, o.maxRequestBytes)
        ? readWireRequest(chunk, envelopeBytes, method.fields)
        : undefined;
      const { selector } = selected;
      const answer =
        request && orUndefined(() => method.binary({ ...request, selector, headers: requestHeaders(rawHeaders) }));
      if (answer === undefined) {
        open = false;
        stream.off("data", onData).pause().unshift(chunk);
        handOver();
        return;
      }
      finish(outcomeOf(answer), chunk.length - envelopeBytes);
    };
    stream.on("data", onData);
    // Nothing but the end; too late for Connect, which waits for it.
    stream.on("end", () => {
      if (!open) return;
      clearTimeout(deadline);
      finish(withoutMessage, 0);
    });
    return true;
  };
}

function counted(method: FastMethod, o: FastPathOptions): GrpcMethod {
  return {
    ...method,
    http: o.http.route({ route: method.path, method: "POST", scheme: o.scheme }),
    rpc: o.rpc.method({ system: "grpc", service: method.service, method: method.method }),
  };
}

/** No compression, no browser, nothing to negotiate, and a body. */
function isPlain(headers: IncomingHttpHeaders, flags: number): boolean {
  const type = headers["content-type"];
  const encoding = headers["grpc-encoding"];
  return (
    (type === "application/grpc" || type === "application/grpc+proto") &&
    headers[":method"] === "POST" &&
    (encoding === undefined || encoding === "identity") &&
    headers.origin === undefined &&
    (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0
  );
}

/** Whether the chunk is one uncompressed message of a size that is allowed, and nothing else. */
function isWhole(chunk: Buffer, maxRequestBytes: number): boolean {
  if (chunk.length < envelopeBytes || chunk[0] !== 0) return false;
  const length = chunk.readUInt32BE(1);
  return length === chunk.length - envelopeBytes && (maxRequestBytes === 0 || length <= maxRequestBytes);
}

function wantsCompression(headers: IncomingHttpHeaders): boolean {
  const accepted = headers["grpc-accept-encoding"];
  return accepted !== undefined && accepted !== "identity";
}

function outcomeOf(answer: Buffer | ErrorCode): Outcome {
  return typeof answer === "string" ? failures[answer] : { name: "", trailers: ok, frame: answer };
}

const failures = {
  FLAG_NOT_FOUND: failure(rpcErrors.FLAG_NOT_FOUND),
  TYPE_MISMATCH: failure(rpcErrors.TYPE_MISMATCH),
  PARSE_ERROR: failure(rpcErrors.PARSE_ERROR),
  GENERAL: failure(rpcErrors.GENERAL),
} as const;
const withoutMessage = failure({
  code: 12,
  name: "unimplemented",
  message: "protocol error: missing input message for unary method",
});
const late = failure({ code: 4, name: "deadline_exceeded", message: "the operation timed out" });

function failure({ code, name, message }: { code: number; name: string; message: string }): Outcome {
  const trailers = { "grpc-status": String(code), "grpc-message": encodeURIComponent(message) };
  return { name, trailers, frame: undefined };
}

/** Returns the bytes of the body. */
function send(stream: ServerHttp2Stream, { trailers, frame = nothing }: Outcome): number {
  if (stream.destroyed || stream.closed) return 0;
  stream.respond(responseHeaders, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(frame);
  return frame.length;
}
