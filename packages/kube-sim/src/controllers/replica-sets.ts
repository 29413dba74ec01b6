import { clone, numberAt, objectAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerOf, controllerReference, type Part } from "./cluster.ts";
import { availability, isActive, isReady, minReadySecondsOf } from "./pod-state.ts";
import { WorkQueue } from "./work-queue.ts";

/** Keeps as many pods as each ReplicaSet asks for. */
export function startReplicaSets(cluster: Cluster): Part {
  const sets = cluster.informer(paths.replicaSets);
  const pods = cluster.informer(paths.pods);
  const queue = new WorkQueue("replicaset", (key) => reconcile(key), cluster.log);
  sets.on(({ object }) => queue.add(keyOf(object)));
  pods.on(({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "ReplicaSet") queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  async function reconcile(key: string): Promise<number | undefined> {
    await Promise.all([sets.synced, pods.synced]);
    const set = sets.get(key);
    if (!set) return undefined;
    const owned = pods.list().filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
    const active = owned.filter(isActive);
    const wanted = numberAt(set, "spec", "replicas") ?? 1;
    if (set.metadata.deletionTimestamp === undefined) {
      if (active.length < wanted) {
        const missing = Array.from({ length: wanted - active.length }, () => createPod(set));
        active.push(...(await Promise.all(missing)));
      } else if (active.length > wanted) {
        const surplus = leastMissed(active).slice(0, active.length - wanted);
        await Promise.all(surplus.map((pod) => deletePod(set, pod)));
        for (const pod of surplus) active.splice(active.indexOf(pod), 1);
      }
    }
    return report(set, active);
  }

  async function createPod(set: KubeObject): Promise<KubeObject> {
    const { namespace, name } = set.metadata;
    const { metadata, spec } = objectAt(set, "spec", "template");
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...objectAt({ metadata }, "metadata"),
        generateName: `${name}-`,
        ownerReferences: [controllerReference(set)],
      },
      spec: clone(spec),
    };
    const made = await cluster.create(paths.pods, pod, namespace);
    const message = `Created pod: ${made.metadata.name}`;
    cluster.event(set, { type: "Normal", reason: "SuccessfulCreate", message, component: "replicaset-controller" });
    return made;
  }

  async function deletePod(set: KubeObject, pod: KubeObject): Promise<void> {
    await cluster.delete(paths.pods, pod);
    const deletionTimestamp = new Date().toISOString();
    // The watch brings the real object; until then the pod must not be counted again.
    pods.learn({ ...pod, metadata: { ...pod.metadata, deletionTimestamp, resourceVersion: bumped(pod) } });
    const message = `Deleted pod: ${pod.metadata.name}`;
    cluster.event(set, { type: "Normal", reason: "SuccessfulDelete", message, component: "replicaset-controller" });
  }

  async function report(set: KubeObject, active: readonly KubeObject[]): Promise<number | undefined> {
    const minReadySeconds = minReadySecondsOf(set);
    const states = active.map((pod) => availability(pod, minReadySeconds, Date.now()));
    const readyReplicas = active.filter(isReady).length;
    const availableReplicas = states.filter((state) => state.available).length;
    const waits = states.flatMap((state) => (state.inMs === undefined ? [] : [state.inMs]));
    const status = {
      replicas: active.length,
      fullyLabeledReplicas: active.length,
      readyReplicas,
      availableReplicas,
      observedGeneration: set.metadata.generation ?? 0,
    };
    await cluster.replaceStatus(paths.replicaSets, set, status);
    return waits.length > 0 ? Math.min(...waits) + 1 : undefined;
  }

  return queue;
}

/** Between this version and the next that the server can give. */
function bumped(pod: KubeObject): string {
  return String(Number(pod.metadata.resourceVersion) + 0.5);
}

/** Pods in the order in which they can be spared: unscheduled, not ready, youngest. */
function leastMissed(pods: readonly KubeObject[]): KubeObject[] {
  const rank = (pod: KubeObject) => (isReady(pod) ? 2 : objectAt(pod, "spec").nodeName ? 1 : 0);
  return [...pods].sort(
    (a, b) => rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
  );
}
