// Custom workloads as others define them, and as much of their controllers as a rollout sees: the counts in their status.
import { createInformer, type KubeClient } from "@burgee/kube";
import { captureLogger } from "@burgee/service-kit/testing";
import { customDefinition } from "./custom-definition.ts";
import { replicasAt } from "../workloads/pods/replicas.ts";
import { podTargets } from "./targets.ts";

const { CloneSet, Rollout, Fleet } = podTargets;
const kinds = [
  { ...CloneSet, observed: (generation: number) => generation },
  { ...Fleet, observed: (generation: number) => generation },
  // A Rollout of Argo writes it as text.
  { ...Rollout, observed: String },
];

/** The definitions, with the scale subresource that rollouts need. */
export const customWorkloadDefinitions: readonly object[] = kinds.map(({ resource, replicasPath = ["replicas"] }) =>
  customDefinition({ ...resource, replicasPath }),
);

/** Says of every custom workload that all of its pods are there and ready. Returns how to stop. */
export function startCustomWorkloads(client: KubeClient): () => Promise<void> {
  const stopping = new AbortController();
  const { log } = captureLogger("custom-workloads");
  const informers = kinds.map(({ resource, observed, replicasPath = ["replicas"] as const }) => {
    const informer = createInformer(client, resource, { log, firstDelayMs: 20 });
    informer.on(({ type, object }) => {
      const { name, namespace, generation = 0 } = object.metadata;
      const observedGeneration = observed(generation);
      if (type === "deleted" || object.status?.observedGeneration === observedGeneration) return;
      const count = replicasAt(object.spec, replicasPath) ?? 1;
      const counts = { replicas: count, updatedReplicas: count, readyReplicas: count, availableReplicas: count };
      const patch = { status: { observedGeneration, ...counts } };
      client
        .patch(resource, { name, namespace }, patch, { type: "merge", subresource: "status" })
        .catch((err: unknown) => log.debug({ err }, "a later event reports it"));
    });
    informer.start(stopping.signal);
    return informer;
  });
  return async () => {
    stopping.abort();
    await Promise.all(informers.map((informer) => informer.stop()));
  };
}
