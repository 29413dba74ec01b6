import { type Tracer, trace } from "@opentelemetry/api";
import type { Dialer } from "../dialer.ts";
import type { Attributes } from "../instruments/instruments.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { TelemetrySettings } from "./settings.ts";

export interface Telemetry {
  readonly tracer: Tracer;
  /** Whether spans are exported. */
  readonly tracing: boolean;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Who is observed, and where the traces and metrics go. */
export interface TelemetryOptions {
  readonly name: string;
  readonly version: string;
  readonly settings: TelemetrySettings;
  /** Record every request, also when its caller does not. */
  readonly sampleAll: boolean;
  readonly resource: Attributes;
  readonly metrics: Metrics;
  readonly dialer: Dialer;
  readonly log: Logger;
}

/** Exports traces and metrics as configured. The SDK is loaded only then: it costs several megabytes. Without it the tracer does nothing. */
export async function createTelemetry(o: TelemetryOptions): Promise<Telemetry> {
  const { dialer, log, resource, settings } = o;
  for (const problem of settings.problems) log.warn({ problem }, "telemetry setting is left out");
  const ends: (() => Promise<void>)[] = [];
  if (settings.traces.kind !== "none") {
    const { exportTraces } = await import("./traces.ts");
    ends.push(exportTraces({ exporter: settings.traces, sampleAll: o.sampleAll, resource, dialer, log }));
  }
  if (settings.metrics.kind !== "none") {
    const { exportMetrics } = await import("./metrics.ts");
    const { instruments } = o.metrics;
    o.metrics.hideInstruments();
    const intervalMs = settings.metricIntervalMs;
    ends.push(exportMetrics({ exporter: settings.metrics, instruments, intervalMs, resource, dialer, log }));
  }
  return {
    tracer: trace.getTracer(o.name, o.version),
    tracing: settings.traces.kind !== "none",
    async stop() {
      const outcomes = await Promise.allSettled(ends.map((end) => end()));
      for (const outcome of outcomes)
        if (outcome.status === "rejected") log.debug({ err: outcome.reason }, "the last telemetry was not exported");
    },
  };
}
