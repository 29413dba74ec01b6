// The bus's state as readiness, metric and, when it comes back, as work.
import type { EventBus } from "@burgee/event-bus";
import type { Part, ReadinessCheck } from "@burgee/service-kit";
import type { RolloutMetrics } from "./metrics.ts";

/** Follows the state of the bus. What could not be told meanwhile is told when `onUp` has every Canary looked at. */
export function watchBus(o: {
  bus: EventBus;
  metrics: Pick<RolloutMetrics, "setBus">;
  readiness: ReadinessCheck;
  onUp: () => void;
}): Part {
  let leave: (() => void) | undefined;
  const report = (state: "up" | "down", reason?: string) => {
    o.metrics.setBus(state);
    if (state === "up") o.readiness.ok();
    else o.readiness.down(`event bus is down: ${reason ?? "not connected"}; nothing advances, rollbacks still work`);
  };
  return {
    name: "bus state",
    start() {
      report(o.bus.state());
      leave = o.bus.onState((state, reason) => {
        report(state, reason);
        if (state === "up") o.onUp();
      });
    },
    stop: () => leave?.(),
  };
}
