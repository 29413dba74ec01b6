import { numberAt, stringAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import { ClaimOwners } from "./claim-owners.ts";
import { type Cluster, controllerOf, type Part } from "./cluster.ts";
import { availability, isReady, minReadySecondsOf } from "./pod-state.ts";
import { type Revision, Revisions, revisionLabel } from "./revisions.ts";
import { claimsFor, firstUpdated, isHealthy, ordinalOf, statefulPod, wantedOrdinals } from "./stateful-pods.ts";
import { WorkQueue } from "./work-queue.ts";

const component = "statefulset-controller";

interface View {
  set: KubeObject;
  mine: KubeObject[];
  current: Revision;
  update: Revision;
}

/**
 * Keeps the pods of StatefulSets: one at a time in order, each after the one before it is healthy, unless the set asks
 * for all at once; replaced from the highest ordinal down to the partition when the template changes.
 */
export function startStatefulSets(cluster: Cluster): Part {
  const sets = cluster.informer(paths.statefulSets);
  const pods = cluster.informer(paths.pods);
  const revisions = new Revisions(cluster);
  const claims = new ClaimOwners(cluster);
  const queue = new WorkQueue("statefulset", (key) => reconcile(key), cluster.log);
  sets.on(({ object }) => queue.add(keyOf(object)));
  pods.on(({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "StatefulSet") queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  async function reconcile(key: string): Promise<number | undefined> {
    await Promise.all([sets.synced, pods.synced, revisions.synced, claims.synced]);
    const set = sets.get(key);
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const update = await revisions.latest(set);
    const current = revisions.named(set, stringAt(set, "status", "currentRevision") ?? "") ?? update;
    const view = { set, mine: owned(set), current, update };
    await step(view);
    const waitMs = await report({ ...view, mine: owned(set) });
    const used = view.mine.map((pod) => pod.metadata.labels?.[revisionLabel] ?? "");
    await revisions.forgetOld(set, new Set([...used, current.name, update.name]));
    return waitMs;
  }

  const owned = (set: KubeObject) => pods.list().filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);

  /** Does what may be done now. Every step ends in a change of a pod, which leads to the next. */
  async function step(view: View): Promise<void> {
    const { set, mine } = view;
    const inOrder = stringAt(set, "spec", "podManagementPolicy") !== "Parallel";
    const wanted = wantedOrdinals(set);
    for (const pod of mine) await claims.settle(set, pod, !wanted.includes(ordinalOf(pod)));
    for (const ordinal of wanted) {
      const pod = mine.find((entry) => ordinalOf(entry) === ordinal);
      if (!pod) await create(view, ordinal);
      else if (hasEnded(pod)) await remove(set, pod);
      else if (!inOrder || isHealthy(set, pod, Date.now())) continue;
      if (inOrder) return;
    }
    const surplus = mine.filter((pod) => !wanted.includes(ordinalOf(pod))).sort((a, b) => ordinalOf(b) - ordinalOf(a));
    for (const pod of surplus) {
      await remove(set, pod);
      if (inOrder) return;
    }
    if (surplus.length === 0 && stringAt(set, "spec", "updateStrategy", "type") !== "OnDelete") await replaceNext(view);
  }

  /** The highest outdated pod goes, once all above it are healthy. */
  async function replaceNext({ set, mine, update }: View): Promise<void> {
    const replaced = wantedOrdinals(set).filter((ordinal) => ordinal >= firstUpdated(set));
    for (const ordinal of replaced.toReversed()) {
      const pod = mine.find((entry) => ordinalOf(entry) === ordinal);
      if (!pod) return;
      if (pod.metadata.labels?.[revisionLabel] !== update.name) return remove(set, pod);
      if (!isHealthy(set, pod, Date.now())) return;
    }
  }

  async function create({ set, current, update }: View, ordinal: number): Promise<void> {
    const rolling = stringAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
    const revision = rolling && ordinal < firstUpdated(set) ? current : update;
    for (const claim of claimsFor(set, ordinal)) await ensureClaim(set, claim);
    const pod = await cluster.create(paths.pods, statefulPod(set, ordinal, revision), set.metadata.namespace);
    tell(set, "SuccessfulCreate", `create Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`);
  }

  async function ensureClaim(set: KubeObject, claim: object): Promise<void> {
    try {
      await cluster.create(paths.persistentVolumeClaims, claim, set.metadata.namespace);
    } catch (error) {
      // The claim of an earlier pod with this ordinal is what the pod is to get.
      if (!(error instanceof ClientError) || error.status !== 409) throw error;
    }
  }

  async function remove(set: KubeObject, pod: KubeObject): Promise<void> {
    if (pod.metadata.deletionTimestamp) return;
    await cluster.delete(paths.pods, pod);
    tell(set, "SuccessfulDelete", `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`);
  }

  function tell(set: KubeObject, reason: string, message: string): void {
    cluster.event(set, { type: "Normal", reason, message, component });
  }

  async function report({ set, mine, current, update }: View): Promise<number | undefined> {
    const alive = mine.filter((pod) => !pod.metadata.deletionTimestamp && !hasEnded(pod));
    const states = alive.map((pod) => availability(pod, minReadySecondsOf(set), Date.now()));
    const of = ({ name }: Revision) => alive.filter((pod) => pod.metadata.labels?.[revisionLabel] === name).length;
    const replicas = mine.filter((pod) => !hasEnded(pod)).length;
    const readyReplicas = alive.filter(isReady).length;
    const wanted = numberAt(set, "spec", "replicas") ?? 1;
    const rolling = stringAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
    const complete = [replicas, readyReplicas, of(update)].every((count) => count === wanted);
    const now = rolling && complete ? update : current;
    const counts = { readyReplicas, currentReplicas: of(now), updatedReplicas: of(update) };
    const latest = sets.get(keyOf(set)) ?? set;
    await cluster.replaceStatus(paths.statefulSets, latest, {
      observedGeneration: set.metadata.generation ?? 0,
      replicas,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      currentRevision: now.name,
      updateRevision: update.name,
      collisionCount: 0,
      availableReplicas: states.filter(({ available }) => available).length,
    });
    const waits = states.flatMap(({ inMs }) => (inMs === undefined ? [] : [inMs]));
    return waits.length > 0 ? Math.min(...waits) + 1 : undefined;
  }

  return queue;
}

function hasEnded(pod: KubeObject): boolean {
  const phase = stringAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}
