import { clone, objectAt, stringAt, stringMapAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerOf, controllerReference, type Part, selects } from "./cluster.ts";
import { availability, isActive, isReady, minReadySecondsOf } from "./pod-state.ts";
import { type Revision, Revisions, revisionLabel as hashKey } from "./revisions.ts";
import { WorkQueue } from "./work-queue.ts";

const component = "daemonset-controller";

/** Keeps one pod of each DaemonSet on every node that fits, and replaces pods of an older template. */
export function startDaemonSets(cluster: Cluster): Part {
  const sets = cluster.informer(paths.daemonSets);
  const pods = cluster.informer(paths.pods);
  const nodes = cluster.informer(paths.nodes);
  const revisions = new Revisions(cluster);
  const queue = new WorkQueue("daemonset", (key) => reconcile(key), cluster.log);
  sets.on(({ object }) => queue.add(keyOf(object)));
  nodes.on(({ type }) => {
    if (type !== "updated") for (const set of sets.list()) queue.add(keyOf(set));
  });
  pods.on(({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "DaemonSet") queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  async function reconcile(key: string): Promise<number | undefined> {
    await Promise.all([sets.synced, pods.synced, nodes.synced, revisions.synced]);
    const set = sets.get(key);
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const revision = await revisions.latest(set);
    const { hash } = revision;
    const wanted = nodes.list().filter((node) => fits(set, node));
    const mine = pods.list().filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
    const active = mine.filter(isActive);
    const rolling = stringAt(set, "spec", "updateStrategy", "type") !== "OnDelete";
    let spare = allowedUnavailable(set, wanted.length) - active.filter((pod) => !isReady(pod)).length;
    for (const node of wanted) {
      const name = node.metadata.name;
      const here = mine.filter((pod) => stringAt(pod, "spec", "nodeName") === name);
      const running = here.filter(isActive);
      if (here.length === 0) active.push(await createPod(set, name, revision));
      for (const pod of running) {
        const outdated = rolling && pod.metadata.labels?.[hashKey] !== hash;
        if (!outdated || (isReady(pod) && spare <= 0)) continue;
        if (isReady(pod)) spare--;
        await deletePod(set, pod);
        active.splice(active.indexOf(pod), 1);
      }
    }
    const names = new Set(wanted.map((node) => node.metadata.name));
    for (const pod of active) if (!names.has(stringAt(pod, "spec", "nodeName") ?? "")) await deletePod(set, pod);
    await revisions.forgetOld(set, new Set([revision.name]));
    return report(set, { active, hash, wanted: wanted.length });
  }

  async function createPod(set: KubeObject, nodeName: string, { hash }: Revision): Promise<KubeObject> {
    const template = clone(objectAt(set, "spec", "template"));
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...objectAt(template, "metadata"),
        generateName: `${set.metadata.name}-`,
        labels: { ...stringMapAt(template, "metadata", "labels"), [hashKey]: hash },
        ownerReferences: [controllerReference(set)],
      },
      // A real controller leaves the binding to the scheduler; naming the node comes to the same.
      spec: { ...objectAt(template, "spec"), nodeName },
    };
    const made = await cluster.create(paths.pods, pod, set.metadata.namespace);
    const message = `Created pod: ${made.metadata.name}`;
    cluster.event(set, { type: "Normal", reason: "SuccessfulCreate", message, component });
    return made;
  }

  async function deletePod(set: KubeObject, pod: KubeObject): Promise<void> {
    await cluster.delete(paths.pods, pod);
    const message = `Deleted pod: ${pod.metadata.name}`;
    cluster.event(set, { type: "Normal", reason: "SuccessfulDelete", message, component });
  }

  async function report(set: KubeObject, o: { active: readonly KubeObject[]; hash: string; wanted: number }) {
    const states = o.active.map((pod) => availability(pod, minReadySecondsOf(set), Date.now()));
    const waits = states.flatMap((state) => (state.inMs === undefined ? [] : [state.inMs]));
    const available = states.filter((state) => state.available).length;
    const unavailable = Math.max(0, o.wanted - available);
    await cluster.replaceStatus(paths.daemonSets, set, {
      currentNumberScheduled: Math.min(o.active.length, o.wanted),
      numberMisscheduled: 0,
      desiredNumberScheduled: o.wanted,
      numberReady: o.active.filter(isReady).length,
      observedGeneration: set.metadata.generation ?? 0,
      updatedNumberScheduled: o.active.filter((pod) => pod.metadata.labels?.[hashKey] === o.hash).length,
      numberAvailable: available,
      ...(unavailable > 0 && { numberUnavailable: unavailable }),
    });
    return waits.length > 0 ? Math.min(...waits) + 1 : undefined;
  }

  return queue;
}

function allowedUnavailable(set: KubeObject, nodes: number): number {
  const value = objectAt(set, "spec", "updateStrategy", "rollingUpdate").maxUnavailable ?? 1;
  const share = typeof value === "string" ? Math.ceil((Number.parseInt(value, 10) * nodes) / 100) : Number(value);
  return Math.max(1, share);
}

/** Whether the template's nodeSelector and required node affinity fit the node. DaemonSets run on cordoned nodes, too. */
function fits(set: KubeObject, node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(stringMapAt(set, "spec", "template", "spec", "nodeSelector"));
  const affinity = objectAt(set, "spec", "template", "spec", "affinity", "nodeAffinity");
  const terms = objectAt(affinity, "requiredDuringSchedulingIgnoredDuringExecution").nodeSelectorTerms;
  const suits = !Array.isArray(terms) || terms.some((term) => selects(term, labels));
  return suits && wanted.every(([key, value]) => labels[key] === value);
}
