import type { JsonObject } from "@bufbuild/protobuf";
import { Service } from "@burgee/contracts/gen/flagd/evaluation/v2/evaluation_pb";
import type { JsonValue, Resolved } from "@burgee/flag-engine";
import type { ConnectRouter } from "@connectrpc/connect";
import { createResolve, eventsFor, fieldOf, type RpcOptions, structOf } from "../rpc.ts";

/** flagd.evaluation.v2: without value and variant the caller uses its own default. */
export function serveEvaluationV2(router: ConnectRouter, o: RpcOptions): void {
  const resolve = createResolve(o);
  router.service(Service, {
    resolveBoolean: (request, call) => answerV2(resolve(request, call, "boolean"), fieldOf.boolean),
    resolveString: (request, call) => answerV2(resolve(request, call, "string"), fieldOf.string),
    resolveFloat: (request, call) => answerV2(resolve(request, call, "float"), fieldOf.float),
    resolveInt: (request, call) => answerV2(resolve(request, call, "int"), fieldOf.int),
    resolveObject: (request, call) => answerV2(resolve(request, call, "object"), fieldOf.object),
    eventStream: (_, call) => eventsFor(o, call),
  });
}

/** An answer of this version. */
export interface AnswerV2<T> {
  readonly value?: T;
  readonly variant?: string | undefined;
  readonly reason: string;
  readonly metadata: JsonObject;
}

/** The answer of evaluation.v2: no value means the default of the caller, and FALLBACK is called DEFAULT. */
export function answerV2<T>(
  { value, variant, reason, metadata }: Resolved,
  toField: (value: JsonValue) => T,
): AnswerV2<T> {
  return {
    reason: reason === "FALLBACK" ? "DEFAULT" : reason,
    variant,
    metadata: structOf(metadata),
    ...(value !== undefined && { value: toField(value) }),
  };
}
