import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { Code, type ConnectError } from "@connectrpc/connect";

/** One call, as spans tell of it. */
export interface TracedCall {
  readonly system: "grpc" | "grpc_web" | "connect_rpc";
  readonly service: string;
  readonly method: string;
  readonly headers: Headers;
  /** Undefined for calls that are not about one flag. */
  readonly flagKey: string | undefined;
}

/** The spans of a call that runs. */
export interface CallSpans {
  /** Runs something inside of them. */
  within<T>(work: () => T): T;
  end(outcome: { readonly answer?: unknown; readonly error?: ConnectError }): void;
}

/** The name that Connect has for an error's code: `not_found`. */
export function codeName({ code }: ConnectError): string {
  return Code[code].replace(/\B[A-Z]/g, "_$&").toLowerCase();
}

/** Upstream's names of its tracers, by service. */
const tracers: Readonly<Record<string, string>> = {
  "schema.v1.Service": "flagEvaluationService",
  "flagd.evaluation.v1.Service": "flagd.evaluation.v1",
  "flagd.evaluation.v2.Service": "flagd.evaluation.v2",
};

/** Errors that are the server's fault; for the others the span of the call stays without a status, by OpenTelemetry's rules. */
const serverFaults = new Set([
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.Unimplemented,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
]);

/** Begins upstream's spans: of the call, with the caller's trace as its parent, of the evaluation service and of the evaluator. */
export function beginCallSpans(call: TracedCall): CallSpans {
  const parent = propagation.extract(ROOT_CONTEXT, call.headers, {
    get: (headers, name) => headers.get(name) ?? undefined,
    keys: (headers) => [...headers.keys()],
  });
  const { system, service, method, flagKey } = call;
  const rpc = trace
    .getTracer("connectrpc.com/otelconnect")
    .startSpan(
      `${service}/${method}`,
      { kind: SpanKind.SERVER, attributes: { "rpc.system": system, "rpc.service": service, "rpc.method": method } },
      parent,
    );
  const around = trace.setSpan(parent, rpc);
  const tracer = tracers[service];
  if (tracer === undefined || !method.startsWith("Resolve"))
    return { within: inside(around), end: (o) => endRpc(rpc, system, o) };

  const name = `resolve${method.slice("Resolve".length)}`;
  const resolve = trace.getTracer(tracer).startSpan(name, { kind: SpanKind.SERVER }, around);
  const within = trace.setSpan(around, resolve);
  const evaluator = trace.getTracer("jsonEvaluator").startSpan(name, {}, within);
  return {
    within: inside(trace.setSpan(within, evaluator)),
    end(outcome) {
      evaluator.end();
      endResolve(resolve, flagKey, outcome);
      endRpc(rpc, system, outcome);
    },
  };
}

function inside(active: ReturnType<typeof trace.setSpan>): <T>(work: () => T) => T {
  return (work) => context.with(active, work);
}

function endRpc(span: Span, system: TracedCall["system"], { error }: { readonly error?: ConnectError }): void {
  if (system !== "connect_rpc") span.setAttribute(`rpc.${system}.status_code`, error?.code ?? 0);
  else if (error !== undefined) span.setAttribute("rpc.connect_rpc.error_code", codeName(error));
  if (error !== undefined && serverFaults.has(error.code)) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.rawMessage });
  }
  span.end();
}

function endResolve(
  span: Span,
  flagKey: string | undefined,
  o: { readonly answer?: unknown; readonly error?: ConnectError },
): void {
  span.setAttributes(flagKey === undefined ? countOf(o.answer) : flagAttributes(flagKey, o.answer));
  if (o.error !== undefined) {
    span.recordException({ name: codeName(o.error), message: o.error.rawMessage });
    span.setStatus({ code: SpanStatusCode.ERROR, message: `error evaluating flag with key ${flagKey ?? ""}` });
  }
  span.end();
}

/** OpenTelemetry's attributes of an evaluation. */
export function flagAttributes(key: string, answer: unknown): Attributes {
  const { variant = "", reason = "error" } = isAnswer(answer) ? answer : {};
  return {
    "feature_flag.key": key,
    "feature_flag.result.variant": variant,
    "feature_flag.result.reason": reason.toLowerCase(),
    "feature_flag.provider.name": "flagd",
  };
}

function countOf(answer: unknown): Attributes {
  const flags: unknown = typeof answer === "object" && answer !== null && "flags" in answer ? answer.flags : undefined;
  return { "feature_flag.count": typeof flags === "object" && flags !== null ? Object.keys(flags).length : 0 };
}

function isAnswer(value: unknown): value is { variant?: string; reason?: string } {
  return typeof value === "object" && value !== null && "reason" in value && typeof value.reason === "string";
}
