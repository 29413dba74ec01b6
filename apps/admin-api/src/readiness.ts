import type { EventBus } from "@burgee/event-bus";
import type { InformerState } from "@burgee/kube";
import type { Readiness } from "@burgee/service-kit";

/** Follows the event streams. Without them canaries and flags are served all the same: the service is ready, though degraded. */
export function busReadiness(bus: EventBus, readiness: Readiness): void {
  const check = readiness.add("redis", { optional: true });
  const show = (state: "up" | "down", reason?: string) =>
    state === "up" ? check.ok() : check.down(reason ?? "not connected");
  show(bus.state());
  bus.onState(show);
}

/** Follows the copies of the objects that the lists show. */
export function informerReadiness(
  informers: readonly { name: string; onState(fn: (state: InformerState, reason?: string) => void): () => void }[],
  readiness: Readiness,
): void {
  for (const informer of informers) {
    const check = readiness.add(informer.name);
    informer.onState((state, reason) => (state === "up" ? check.ok() : check.down(reason ?? state)));
  }
}
