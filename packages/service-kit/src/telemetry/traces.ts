import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  CompositePropagator,
  ExportResultCode,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ConsoleSpanExporter,
  ParentBasedSampler,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Attributes } from "../instruments/instruments.ts";
import { createOtlpSender, type OtlpSenderOptions } from "./otlp-sender.ts";
import type { Exporter } from "./settings.ts";

/** Where spans go, and which are recorded. */
export interface TraceExportOptions extends Omit<OtlpSenderOptions, "signal" | "settings"> {
  readonly exporter: Exclude<Exporter, { kind: "none" }>;
  readonly resource: Attributes;
  /** Record every request, also when its caller does not. */
  readonly sampleAll: boolean;
}

/** Registers tracing for this process: spans are exported in batches, `traceparent` and `baggage` travel with calls. Returns how to end it. */
export function exportTraces(o: TraceExportOptions): () => Promise<void> {
  const always = new AlwaysOnSampler();
  const exporter =
    o.exporter.kind === "console"
      ? new ConsoleSpanExporter()
      : otlpExporter({ ...o, settings: o.exporter, signal: "traces" });
  const provider = new TracerProvider({
    resource: resourceFromAttributes(o.resource),
    sampler: o.sampleAll ? always : new ParentBasedSampler({ root: always }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  trace.setGlobalTracerProvider(provider);
  return () => provider.shutdown();
}

function otlpExporter(o: OtlpSenderOptions): SpanExporter {
  const sender = createOtlpSender(o);
  const pending = new Set<Promise<void>>();
  return {
    export(spans, done) {
      const body = ProtobufTraceSerializer.serializeRequest(spans);
      if (body === undefined) return done({ code: ExportResultCode.FAILED });
      const sending = sender
        .send(body)
        .then(
          () => done({ code: ExportResultCode.SUCCESS }),
          (error: Error) => done({ code: ExportResultCode.FAILED, error }),
        )
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
