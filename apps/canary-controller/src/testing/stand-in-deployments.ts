// Stands in for Deployment controller and kubelet where a test needs no pods: Deployments get ready at once, or never.
import { createInformer, type Deployment, isKubeError, type KubeClient, resources } from "@burgee/kube";
import { captureLogger } from "@burgee/service-kit/testing";

/** Annotation of a Deployment's pod template whose pods never become ready. */
export const neverReady = "lab.burgee.dev/never-ready";

/** Keeps the status of every Deployment up to date. */
export function startStandInDeployments(client: KubeClient, namespace: string): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const informer = createInformer(client, resources.deployments, { namespace, log: captureLogger("stand-in").log });
  const writes = new Set<Promise<void>>();
  informer.on((e) => {
    if (e.type === "deleted") return;
    const write = settle(client, e.object).finally(() => writes.delete(write));
    writes.add(write);
  });
  informer.start(stopping.signal);
  return {
    async stop() {
      stopping.abort(new Error("the test is over"));
      await informer.stop();
      await Promise.all(writes);
    },
  };
}

async function settle(client: KubeClient, deployment: Deployment): Promise<void> {
  const replicas = deployment.spec.replicas ?? 1;
  const broken = deployment.spec.template.metadata?.annotations?.[neverReady] === "true";
  const available = broken ? 0 : replicas;
  const { generation } = deployment.metadata;
  const { observedGeneration, availableReplicas } = deployment.status ?? {};
  if (observedGeneration === generation && availableReplicas === available) return;
  const status = {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    replicas,
    updatedReplicas: replicas,
    readyReplicas: available,
    availableReplicas: available,
    conditions: [{ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }],
  };
  try {
    await client.replaceStatus(resources.deployments, { ...deployment, status });
  } catch (error) {
    // The next event carries the newer object.
    if (!isKubeError(error, "conflict", "not_found")) throw error;
  }
}
