import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { ExportResultCode, suppressTracing, W3CTraceContextPropagator } from "@opentelemetry/core";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { messageOf } from "./kit-error.ts";
import type { Tracing, TracingOptions } from "./tracing.ts";

/** Registers tracing for this process: spans go to `<endpoint>/v1/traces` as OTLP JSON, `traceparent` travels with calls. */
export function exportTraces(o: TracingOptions & { readonly endpoint: string }): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": o.name, "service.version": o.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: otlpExporter(o) })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    tracer: provider.getTracer(o.name, o.version),
    async stop() {
      try {
        await provider.shutdown();
      } catch (err) {
        o.log.debug({ err }, "the last traces were not exported");
      }
    },
  };
}

/** Exports through our dialer, so that spans obey the same proxy and egress policy as every other call. */
function otlpExporter({ dialer, endpoint, log }: TracingOptions & { readonly endpoint: string }): SpanExporter {
  const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
  const pending = new Set<Promise<void>>();
  let failing = false;
  const send = async (body: Uint8Array): Promise<void> => {
    // The export itself must not be traced.
    const answer = await context.with(suppressTracing(context.active()), () =>
      dialer.fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body }),
    );
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
    failing = false;
  };
  return {
    export(spans, done) {
      const body = JsonTraceSerializer.serializeRequest(spans);
      if (body === undefined) return done({ code: ExportResultCode.FAILED });
      const sending = send(body)
        .then(() => done({ code: ExportResultCode.SUCCESS }))
        .catch((error: unknown) => {
          // Said once per outage: a lost span is not worth a line each.
          if (!failing)
            log.warn({ err: error }, "traces cannot be exported; they are dropped until the collector is back");
          failing = true;
          done({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error(messageOf(error)) });
        })
        .finally(() => pending.delete(sending));
      pending.add(sending);
    },
    async forceFlush() {
      await Promise.all(pending);
    },
    async shutdown() {
      await Promise.all(pending);
    },
  };
}
