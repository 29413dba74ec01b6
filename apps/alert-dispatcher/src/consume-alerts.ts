import { type ConsumeHandler, type EventBus, streams } from "@burgee/event-bus";
import type { Part } from "@burgee/service-kit";
import type { DeliveryHistory } from "./history/delivery-history.ts";

/** Dispatchers of this name share the alerts. */
export const consumerGroup = "alert-dispatcher";

/** How alerts are taken from the stream. Times are milliseconds; see the bus's ConsumeOptions. */
export interface ConsumeAlertsOptions {
  readonly bus: EventBus;
  readonly history: DeliveryHistory;
  readonly dispatch: ConsumeHandler;
  readonly concurrency: number;
  readonly maxDeliveries: number;
  readonly retryDelayMs: number;
  readonly reclaimIdleMs: number;
}

/** Takes alerts from the stream once the history of deliveries is known: before that, one could go out twice. */
export function consumeAlerts(o: ConsumeAlertsOptions): Part {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let leave = async (): Promise<void> => {};

  async function run(signal: AbortSignal): Promise<void> {
    await o.history.open(signal);
    const { concurrency, maxDeliveries, retryDelayMs, reclaimIdleMs } = o;
    const options = { concurrency, maxDeliveries, retryDelayMs, reclaimIdleMs, batch: 1 };
    const subscription = o.bus.consume(streams.alerts, consumerGroup, o.dispatch, options);
    leave = () => subscription.stop();
  }
  return {
    name: "alerts",
    start(signal) {
      const own = AbortSignal.any([signal, stopping.signal]);
      running = run(own).catch((error: unknown) => {
        if (!own.aborted) throw error;
      });
    },
    async stop() {
      stopping.abort(new Error("the alert dispatcher stops"));
      await running;
      await leave();
      await o.history.close();
    },
  };
}
