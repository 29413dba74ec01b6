import type { JsonObject as PbObject } from "@bufbuild/protobuf";
import type { ErrorCode, EvaluationContext, FlagType, JsonValue, Resolved } from "@burgee/flag-engine";
import { parseSelector, type Selector } from "@burgee/flag-sync";
import { Code, ConnectError, createContextKey, type HandlerContext } from "@connectrpc/connect";
import { type Enrich, requestHeaders } from "./context.ts";
import type { Evaluation } from "./evaluation.ts";
import { type EventStreams, type FlagEvent, StreamDeadline, streamDeadlineMessage } from "./event-stream.ts";

/** What every service of the evaluation port is made of. */
export interface RpcOptions {
  readonly evaluation: Evaluation;
  readonly enrich: Enrich;
  readonly events: EventStreams;
}

/** A request for one flag, the same in all versions of the protocol. */
export interface ResolveRequest {
  readonly flagKey: string;
  readonly context?: PbObject | undefined;
}

/** The headers of a call as they were sent. */
export const sentHeaders = createContextKey(requestHeaders([]), { description: "headers as they were sent" });

/** What a failed evaluation is on the wire, in upstream's words. */
export interface RpcError {
  readonly code: Code;
  /** Connect's name of the code. */
  readonly name: string;
  readonly message: string;
}

export const rpcErrors: Readonly<Record<ErrorCode, RpcError>> = {
  FLAG_NOT_FOUND: { code: Code.NotFound, name: "not_found", message: "Flag not found" },
  TYPE_MISMATCH: { code: Code.InvalidArgument, name: "invalid_argument", message: "Type mismatch error" },
  PARSE_ERROR: { code: Code.DataLoss, name: "data_loss", message: "Error parsing input or configuration" },
  GENERAL: { code: Code.Unknown, name: "unknown", message: "General error" },
};

/** Fields that are not set are written out, as upstream does. */
export const jsonOptions = { alwaysEmitImplicit: true, ignoreUnknownFields: true } as const;

/** Evaluates the flag of a request. Throws the protocol's error, in upstream's words, when there is no answer. */
export type Resolve = (request: ResolveRequest, call: HandlerContext, type: FlagType) => Resolved;

/** `codeDefault: "error"` is for protocols that cannot say "use your own default". */
export function createResolve({ evaluation, enrich }: RpcOptions, o: { codeDefault?: "error" } = {}): Resolve {
  return ({ flagKey: key, context: asked }, call, type) => {
    const selector = selectorOf(call);
    const context: EvaluationContext = enrich(asked, call.values.get(sentHeaders));
    const resolution = evaluation.one({ key, type, context, selector }, o);
    if (resolution.ok) return resolution;
    const { code, message } = rpcErrors[resolution.errorCode];
    throw new ConnectError(message, code);
  };
}

/** The selector of a request; on this port only the header counts. Throws `invalid_argument`. */
export function selectorOf({ requestHeader }: HandlerContext): Selector {
  const result = parseSelector(requestHeader.get("flagd-selector") ?? "");
  if (!result.ok) throw new ConnectError(result.message, Code.InvalidArgument);
  return result.selector;
}

/** Events for the client of a call until it goes away. Deadlines, ours and the client's, end it with `deadline_exceeded`. */
export async function* eventsFor({ events }: RpcOptions, call: HandlerContext): AsyncGenerator<FlagEvent> {
  const selector = selectorOf(call);
  try {
    yield* events.open(selector, call.signal);
  } catch (error) {
    if (error instanceof StreamDeadline) throw new ConnectError(error.message, Code.DeadlineExceeded);
    throw error;
  }
  if (isDeadline(call.signal.reason)) throw new ConnectError(streamDeadlineMessage, Code.DeadlineExceeded);
}

/** True for the reason with which a call is aborted when its client's deadline is over. */
export function isDeadline(reason: unknown): boolean {
  return reason instanceof ConnectError && reason.code === Code.DeadlineExceeded;
}

/** The value as a google.protobuf.Struct; empty when it is no object. */
export function structOf(value: JsonValue | undefined): PbObject {
  return isStruct(value) ? value : {};
}

function isStruct(value: unknown): value is PbObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as its type's field holds it, or the type's zero where there is none. */
export const fieldOf = {
  boolean: (value: JsonValue | undefined): boolean => value === true,
  string: (value: JsonValue | undefined): string => (typeof value === "string" ? value : ""),
  float: (value: JsonValue | undefined): number => (typeof value === "number" ? value : 0),
  int: (value: JsonValue | undefined): bigint => (typeof value === "number" ? BigInt(value) : 0n),
  object: structOf,
} as const;
