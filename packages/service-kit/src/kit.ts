import type { Tracer } from "@opentelemetry/api";
import type { Clock } from "./clock.ts";
import type { Dialer } from "./dialer.ts";
import type { Logger } from "./log.ts";
import type { Management } from "./management.ts";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";

/** What every app gets from the start. */
export interface Kit {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly dialer: Dialer;
  /** Does nothing unless tracing is configured. */
  readonly tracer: Tracer;
  /** Whether spans are exported: without it they need not be made. */
  readonly tracing: boolean;
  /** Aborted when the app begins to stop its parts. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly management: Management;
  /** Ends the app with exit code 1 after an orderly stop: for a part that fails for good after it was started. */
  fail(error: unknown): void;
  /** Ends the app after an orderly stop with this exit code: for an app whose work has an end. */
  finish(code: number): void;
}
