import type { IncomingMessage, ServerResponse } from "node:http";
import { isObject, type JsonValue } from "@burgee/flag-engine";
import { parseSelector } from "@burgee/flag-sync";
import { parseJson } from "@burgee/service-kit";
import { requestHeaders } from "../context.ts";
import type { Cors } from "../cors.ts";
import type { HttpRoute } from "../http-metrics.ts";
import { rpcErrors } from "../rpc.ts";
import type { RpcMethod } from "../rpc-metrics.ts";
import type { FastPathOptions } from "./grpc-path.ts";
import type { FastMethod } from "./methods.ts";
import { orUndefined } from "./or-undefined.ts";
import type { WireRequest } from "./wire-reader.ts";

/** True: the request is answered; false: it is for Connect, now or, after `handOver` was called, later. */
export type JsonPath = (request: IncomingMessage, response: ServerResponse, handOver: () => void) => boolean;

interface JsonMethod extends FastMethod {
  readonly http: HttpRoute;
  readonly rpc: RpcMethod;
}

/**
 * Answers plain unary calls of Connect's protocol with JSON over HTTP/1.1, byte for byte as Connect would. Whatever is not plain
 * goes to Connect: compression, timeouts, other types, bodies in pieces, JSON of unusual shape.
 */
export function createJsonPath(o: FastPathOptions & { readonly cors: Cors }): JsonPath {
  const methods = new Map(o.methods.map((method) => [method.path, counted(method, o)]));
  return (request, response, handOver) => {
    const method = methods.get(request.url ?? "");
    const { headers } = request;
    const length = Number(headers["content-length"]);
    if (method === undefined || !isPlain(request) || !isAllowed(length, o.maxRequestBytes)) return false;
    if (method.answersAreLarge && headers["accept-encoding"] !== undefined) return false;
    const selected = parseSelector(headers["flagd-selector"]?.toString() ?? "");
    if (!selected.ok) return false;

    const startedAt = performance.now();
    request.once("data", (chunk: Buffer) => {
      const asked = chunk.length === length ? readJsonRequest(chunk, method) : undefined;
      const { selector } = selected;
      const answer =
        asked && orUndefined(() => method.json({ ...asked, selector, headers: requestHeaders(request.rawHeaders) }));
      if (answer === undefined) {
        request.pause();
        request.unshift(chunk);
        handOver();
        return;
      }
      const failure = isErrorCode(answer) ? failures[answer] : undefined;
      const status = failure?.status ?? 200;
      const text = failure?.text ?? answer;
      const bytes = Buffer.byteLength(text);
      response.writeHead(status, {
        ...o.cors(request).headers,
        "content-type": "application/json",
        "content-length": bytes,
      });
      response.end(text);
      const milliseconds = performance.now() - startedAt;
      method.http.record(status, milliseconds / 1_000, bytes);
      method.rpc.end(failure?.name ?? "", milliseconds, length, failure === undefined ? bytes : 0);
    });
    return true;
  };
}

function counted(method: FastMethod, o: FastPathOptions): JsonMethod {
  return {
    ...method,
    http: o.http.route({ route: method.path, method: "POST", scheme: o.scheme }),
    rpc: o.rpc.method({ system: "connect_rpc", service: method.service, method: method.method }),
  };
}

function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === "POST" &&
    headers["content-type"] === "application/json" &&
    headers["content-encoding"] === undefined &&
    headers["connect-timeout-ms"] === undefined &&
    (headers["connect-protocol-version"] ?? "1") === "1"
  );
}

/** Bodies that come in one piece. */
const largestBody = 16_384;

function isAllowed(length: number, maxRequestBytes: number): boolean {
  return length > 0 && length <= largestBody && (maxRequestBytes === 0 || length <= maxRequestBytes);
}

/** The request as clients write it; undefined for everything else, valid or not. */
function readJsonRequest(body: Buffer, { fields }: FastMethod): WireRequest | undefined {
  const text = body.toString();
  // JSON.parse takes the last of two fields with the same name; Connect refuses them.
  if (occursTwice(text, '"flagKey"') || occursTwice(text, '"context"')) return undefined;
  const request = parseJson(text);
  if (!isObject(request)) return undefined;
  let known = 0;
  let key = "";
  if (fields.key !== undefined && Object.hasOwn(request, "flagKey")) {
    if (typeof request.flagKey !== "string" || !request.flagKey.isWellFormed()) return undefined;
    key = request.flagKey;
    known += 1;
  }
  const context = Object.hasOwn(request, "context") ? request.context : undefined;
  if (context !== undefined) {
    if (!isObject(context) || !isShallow(context, 0)) return undefined;
    known += 1;
  }
  return Object.keys(request).length === known ? { key, context } : undefined;
}

function occursTwice(text: string, word: string): boolean {
  return text.indexOf(word) !== text.lastIndexOf(word);
}

/** Nested less deeply than any decoder minds, and without the one key that objects treat specially. */
function isShallow(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth > 16 || Object.hasOwn(value, "__proto__")) return false;
  for (const item of Object.values(value)) if (!isShallow(item, depth + 1)) return false;
  return true;
}

type ErrorCode = keyof typeof rpcErrors;

function isErrorCode(answer: string): answer is ErrorCode {
  return Object.hasOwn(rpcErrors, answer);
}

/** Connect's HTTP status of the codes. */
const failures = {
  FLAG_NOT_FOUND: failure("FLAG_NOT_FOUND", 404),
  TYPE_MISMATCH: failure("TYPE_MISMATCH", 400),
  PARSE_ERROR: failure("PARSE_ERROR", 500),
  GENERAL: failure("GENERAL", 500),
} as const;

function failure(code: ErrorCode, status: number): { status: number; name: string; text: string } {
  const { name, message } = rpcErrors[code];
  return { status, name, text: JSON.stringify({ code: name, message }) };
}
