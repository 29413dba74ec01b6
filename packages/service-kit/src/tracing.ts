import { type Tracer, trace } from "@opentelemetry/api";
import type { Dialer } from "./dialer.ts";
import type { Logger } from "./log.ts";

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is left. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  readonly name: string;
  readonly version: string;
  /** Base URL of an OTLP/HTTP collector; undefined turns tracing off. */
  readonly endpoint: string | undefined;
  readonly dialer: Dialer;
  readonly log: Logger;
}

/** A tracer that does nothing, or one that exports to the endpoint. The SDK is loaded only then: it costs several megabytes. */
export async function createTracing(o: TracingOptions): Promise<Tracing> {
  if (o.endpoint === undefined) return { tracer: trace.getTracer(o.name, o.version), stop: async () => undefined };
  const { exportTraces } = await import("./tracing-export.ts");
  return exportTraces({ ...o, endpoint: o.endpoint });
}
