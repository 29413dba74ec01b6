import type { IncomingHttpHeaders } from "node:http";
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Evaluation } from "./evaluation.ts";
import { flagAttributes } from "./rpc-spans.ts";

/** The span of an HTTP request that is being answered. */
export interface HttpSpan {
  /** Runs something inside of it. */
  within<T>(work: () => T): T;
  end(status: number): void;
}

export type BeginHttpSpan = (request: {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}) => HttpSpan;

const silent: HttpSpan = { within: (work) => work(), end: () => undefined };

/** For when no spans are exported. */
export const noHttpSpan: BeginHttpSpan = () => silent;

/** Begins upstream's span of an OFREP request, with the caller's trace as its parent. */
export const beginOfrepSpan: BeginHttpSpan = ({ method, path, headers }) => {
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const attributes = { "http.request.method": method, "url.path": path, "url.scheme": "http" };
  const tracer = trace.getTracer("go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp");
  const span = tracer.startSpan("flagd.ofrep", { kind: SpanKind.SERVER, attributes }, parent);
  const active = trace.setSpan(parent, span);
  return {
    within: (work) => context.with(active, work),
    end(status) {
      span.setAttribute("http.response.status_code", status);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
};

/** Puts upstream's spans of the evaluator around evaluations that no other span tells of. */
export function traceEvaluation(evaluation: Evaluation): Evaluation {
  const tracer = trace.getTracer("jsonEvaluator");
  return {
    one: (question, options) =>
      tracer.startActiveSpan("resolveAnyValue", (span) => {
        const resolution = evaluation.one(question, options);
        span.setAttributes(flagAttributes(question.key, resolution.ok ? resolution : undefined));
        if (!resolution.ok) span.setStatus({ code: SpanStatusCode.ERROR, message: resolution.message });
        span.end();
        return resolution;
      }),
    all: (question, flags) =>
      tracer.startActiveSpan("resolveAll", (span) => {
        const items = evaluation.all(question, flags);
        span.setAttribute("feature_flag.count", items.length);
        span.end();
        return items;
      }),
  };
}
