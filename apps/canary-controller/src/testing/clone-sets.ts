// A custom workload as others define it, and as much of its controller as a rollout sees: the counts in its status.
import { createInformer, type KubeClient, resource } from "@burgee/kube";
import { captureLogger } from "@burgee/service-kit/testing";
import { customDefinition } from "./custom-definition.ts";
import type { PodWorkload } from "../workloads/pods/pod-kind.ts";

const cloneSets = resource<PodWorkload>("apps.kruise.io", "v1alpha1", "clonesets", "CloneSet");

/** The definition, with the scale subresource that rollouts need. */
export const cloneSetDefinition = customDefinition({
  group: "apps.kruise.io",
  version: "v1alpha1",
  kind: "CloneSet",
  plural: "clonesets",
  scalable: true,
});

/** Says of every CloneSet that all of its pods are there and ready. Returns how to stop. */
export function startCloneSets(client: KubeClient): () => Promise<void> {
  const stopping = new AbortController();
  const { log } = captureLogger("clone-sets");
  const informer = createInformer(client, cloneSets, { log, firstDelayMs: 20 });
  informer.on(({ type, object }) => {
    const generation = object.metadata.generation ?? 0;
    if (type === "deleted" || object.status?.observedGeneration === generation) return;
    const count = object.spec.replicas ?? 1;
    const status = { replicas: count, updatedReplicas: count, readyReplicas: count, availableReplicas: count };
    const { name, namespace } = object.metadata;
    client
      .patch(
        cloneSets,
        { name, namespace },
        { status: { observedGeneration: generation, ...status } },
        { type: "merge", subresource: "status" },
      )
      .catch((err: unknown) => log.debug({ err }, "a later event reports it"));
  });
  informer.start(stopping.signal);
  return async () => {
    stopping.abort();
    await informer.stop();
  };
}
