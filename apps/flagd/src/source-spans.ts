import type { FeedEvent } from "@burgee/flag-sync";
import { redactUrl } from "@burgee/service-kit";
import { SpanStatusCode, trace } from "@opentelemetry/api";

/** Upstream's span of a document that a source delivered, told when it was taken or refused: it has no length. */
export function traceSource(event: FeedEvent): void {
  if (event.kind !== "loaded" && event.kind !== "rejected") return;
  const attributes = { "feature_flag.source": redactUrl(event.source) };
  const span = trace.getTracer("jsonEvaluator").startSpan("flagSync", { attributes });
  if (event.kind === "rejected") span.setStatus({ code: SpanStatusCode.ERROR, message: "flagSync error" });
  span.end();
}
