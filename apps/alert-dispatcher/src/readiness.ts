import type { EventBus } from "@burgee/event-bus";
import type { Informer, KubeObject } from "@burgee/kube";
import type { ReadinessCheck } from "@burgee/service-kit";

/** Keeps a readiness check in step with the bus. */
export function busReadiness(bus: EventBus, check: ReadinessCheck): void {
  if (bus.state() === "up") check.ok();
  bus.onState((state, reason) => (state === "up" ? check.ok() : check.down(reason ?? "redis is away")));
}

/** Keeps a readiness check in step with an informer. */
export function informerReadiness<T extends KubeObject>(informer: Informer<T>, check: ReadinessCheck): void {
  if (informer.state() === "up") check.ok();
  informer.onState((state, reason) => (state === "up" ? check.ok() : check.down(reason ?? "kubernetes is away")));
}
