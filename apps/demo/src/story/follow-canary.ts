import type { Canary } from "@burgee/contracts/crd";
import type { Informer } from "@burgee/kube";
import type { Timeline } from "./timeline.ts";

/** Shows the canary's progress as it is written to its status. Returns how to stop. */
export function followCanary(canary: Informer<Canary>, timeline: Timeline): () => void {
  return canary.on(({ type, object }) => {
    if (type === "deleted" || !object.status?.phase) return;
    const { phase, canaryWeight = 0, failedChecks = 0 } = object.status;
    const failed = failedChecks > 0 ? `, ${failedChecks} failed check${failedChecks > 1 ? "s" : ""}` : "";
    timeline.bar(canaryWeight, `${object.metadata.name}: ${phase}${failed}`);
  });
}
