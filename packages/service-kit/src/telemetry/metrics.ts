import { type HrTime, ValueType } from "@opentelemetry/api";
import { ExportResultCode, hrTime } from "@opentelemetry/core";
import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  ConsoleMetricExporter,
  type DataPoint,
  DataPointType,
  type MetricData,
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";
import type { Attributes, Instrument, Instruments, Series } from "../instruments/instruments.ts";
import { createOtlpSender, type OtlpSenderOptions } from "./otlp-sender.ts";
import type { Exporter } from "./settings.ts";

/** Which instruments are pushed, where to and how often. */
export interface MetricExportOptions extends Omit<OtlpSenderOptions, "signal" | "settings"> {
  readonly exporter: Exclude<Exporter, { kind: "none" }>;
  readonly resource: Attributes;
  readonly instruments: Instruments;
  /** Between two pushes. */
  readonly intervalMs: number;
}

/** Exports what the instruments have measured, again and again. Returns how to end it; what is left is exported then. */
export function exportMetrics(o: MetricExportOptions): () => Promise<void> {
  const exporter =
    o.exporter.kind === "console"
      ? new ConsoleMetricExporter()
      : otlpExporter({ ...o, settings: o.exporter, signal: "metrics" });
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: o.intervalMs,
    // The reader wants it to be within the interval.
    exportTimeoutMillis: Math.min(o.intervalMs, 30_000),
  });
  reader.setMetricProducer(createProducer(o.instruments, o.resource));
  return () => reader.shutdown();
}

function createProducer(instruments: Instruments, attributes: Attributes): MetricProducer {
  const resource = resourceFromAttributes(attributes);
  const startTime = hrTime();
  return {
    async collect() {
      const endTime = hrTime();
      const scopes = new Map<string, ScopeMetrics>();
      for (const instrument of instruments.read()) {
        const { name = "", version = "", schemaUrl = "" } = instrument.scope ?? {};
        const scope = scopes.get(name) ?? { scope: { name, version, schemaUrl }, metrics: [] };
        scopes.set(name, scope);
        const metric = metricData(instrument, { startTime, endTime });
        if (metric.dataPoints.length > 0) scope.metrics.push(metric);
      }
      return { resourceMetrics: { resource, scopeMetrics: [...scopes.values()] }, errors: [] };
    },
  };
}

type Span = { readonly startTime: HrTime; readonly endTime: HrTime };

function metricData(instrument: Instrument, span: Span): MetricData {
  const { name, help: description, unit } = instrument;
  const shared = {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (instrument.kind === "histogram") {
    const toPoint = ({
      attributes,
      measure,
    }: Series<{ bounds: readonly number[]; counts: Float64Array; sum: number; count: number }>) => ({
      ...span,
      attributes,
      value: {
        buckets: { boundaries: [...measure.bounds], counts: [...measure.counts] },
        sum: measure.sum,
        count: measure.count,
      },
    });
    return { ...shared, dataPointType: DataPointType.HISTOGRAM, dataPoints: [...instrument.series()].map(toPoint) };
  }
  const dataPoints = [...instrument.series()].map(
    ({ attributes, measure }): DataPoint<number> => ({ ...span, attributes, value: measure.value }),
  );
  return { ...shared, dataPointType: DataPointType.SUM, isMonotonic: instrument.kind === "counter", dataPoints };
}

function otlpExporter(o: OtlpSenderOptions): PushMetricExporter {
  const sender = createOtlpSender(o);
  return {
    export(metrics, done) {
      const body = ProtobufMetricsSerializer.serializeRequest(metrics);
      if (body === undefined) return done({ code: ExportResultCode.FAILED });
      sender.send(body).then(
        () => done({ code: ExportResultCode.SUCCESS }),
        (error: Error) => done({ code: ExportResultCode.FAILED, error }),
      );
    },
    // Nothing is kept back.
    async forceFlush() {
      return undefined;
    },
    async shutdown() {
      return undefined;
    },
  };
}
