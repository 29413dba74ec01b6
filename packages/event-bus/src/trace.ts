import { context, isSpanContextValid, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Delivery } from "./bus.ts";

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The W3C `traceparent` of the active span, if there is one. */
export function activeTraceparent(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  if (active === undefined || !isSpanContextValid(active)) return undefined;
  return `00-${active.traceId}-${active.spanId}-${active.traceFlags.toString(16).padStart(2, "0")}`;
}

/** Runs the handler in a span that continues the publisher's trace. Does nothing extra unless tracing is configured. */
export function inTraceOf<T>(delivery: Delivery, name: string, run: () => Promise<T>): Promise<T> {
  const [, traceId, spanId, flags] = pattern.exec(delivery.traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return run();
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  const parent = trace.setSpanContext(context.active(), remote);
  const options = { kind: SpanKind.CONSUMER, attributes: { "messaging.message.id": delivery.id } };
  return trace.getTracer("@burgee/event-bus").startActiveSpan(name, options, parent, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
