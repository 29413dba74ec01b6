// The controller's parts in this process: started, stopped in order, or gone from one moment to the next.
import { randomUUID } from "node:crypto";
import type { EventBus } from "@burgee/event-bus";
import type { KubeClient } from "@burgee/kube";
import { createMetrics, createReadiness, type Dialer, type Part, type ReadinessStatus } from "@burgee/service-kit";
import { type CapturedLog, captureLogger } from "@burgee/service-kit/testing";
import { type ControllerConfig, createParts } from "../parts.ts";

/** A controller that was started; several may run at once. */
export interface RunningController {
  log: CapturedLog;
  readiness(): ReadinessStatus;
  metrics(): Promise<string>;
  /** Looks at everything again: for a test whose clock has jumped, which no timer sees. */
  lookAgain(): void;
  /** An orderly stop. */
  stop(): Promise<void>;
}

/** What a controller is connected to. It closes all three when it stops. */
export interface Connections {
  client: KubeClient;
  bus: EventBus;
  dialer: Dialer;
}

/** Starts the parts. Rejects when one of them does not start. */
export async function runController(
  config: ControllerConfig,
  connect: (captured: CapturedLog) => Connections,
): Promise<RunningController & { abandon(): void }> {
  const captured = captureLogger("controller");
  const { client, bus, dialer } = connect(captured);
  const stopping = new AbortController();
  const readiness = createReadiness();
  const metrics = createMetrics();
  const { log } = captured;
  const kit = { log, metrics, readiness, dialer, signal: stopping.signal, clock: { now: Date.now } };
  const parts: readonly Part[] = createParts({ config, client, bus, version: "test", identity: randomUUID() }, kit);
  for (const part of parts) await part.start?.(stopping.signal);
  return {
    log: captured,
    readiness: () => readiness.status(),
    metrics: () => metrics.registry.metrics(),
    lookAgain() {
      for (const part of parts) if (looksAtCanaries(part)) part.requeueAll();
    },
    async stop() {
      stopping.abort(new Error("the test stops the controller"));
      for (const part of [...parts].reverse()) await part.stop?.();
      await bus.close();
      await client.close();
      await dialer.close();
    },
    /** Timers and subscriptions end, nothing is waited for: calls that hang do so for ever. */
    abandon() {
      stopping.abort(new Error("the controller is no more"));
      for (const part of [...parts].reverse()) void Promise.resolve(part.stop?.()).catch(() => undefined);
      for (const connection of [bus, client, dialer]) void connection.close().catch(() => undefined);
    },
  };
}

function looksAtCanaries(part: Part): part is Part & { requeueAll(): void } {
  return "requeueAll" in part && typeof part.requeueAll === "function";
}
