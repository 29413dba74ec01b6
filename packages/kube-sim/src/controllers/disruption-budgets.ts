import { numberAt, objectAt, objectsAt, stringAt } from "../api/json.ts";
import { timestamp } from "../api/machinery.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerOf, type Part, selects } from "./cluster.ts";
import { isReady } from "./pod-state.ts";
import { amount } from "./rolling-update.ts";
import { WorkQueue } from "./work-queue.ts";

/** Keeps count of the disruptions that PodDisruptionBudgets allow: evictions go by their status. */
export function startDisruptionBudgets(cluster: Cluster): Part {
  const budgets = cluster.informer(paths.disruptionBudgets);
  const pods = cluster.informer(paths.pods);
  const owners = [cluster.informer(paths.replicaSets), cluster.informer(paths.statefulSets)];
  const queue = new WorkQueue("disruption budget", (key) => reconcile(key), cluster.log);
  budgets.on(({ object }) => queue.add(keyOf(object)));
  pods.on(({ object }) => {
    for (const budget of budgets.list()) if (isAbout(budget, object)) queue.add(keyOf(budget));
  });
  for (const owner of owners) {
    owner.on(({ object }) => {
      for (const { metadata } of budgets.list()) {
        if (metadata.namespace === object.metadata.namespace) queue.add(`${metadata.namespace}/${metadata.name}`);
      }
    });
  }

  async function reconcile(key: string): Promise<undefined> {
    await Promise.all([budgets.synced, pods.synced, ...owners.map(({ synced }) => synced)]);
    const budget = budgets.get(key);
    if (!budget) return;
    await cluster.replaceStatus(paths.disruptionBudgets, budget, statusOf(budget));
  }

  function statusOf(budget: KubeObject): object {
    const own = pods.list().filter((pod) => isAbout(budget, pod));
    const { expectedPods, desiredHealthy } = expectation(budget, own);
    const disrupted = stillDisrupted(budget, own);
    const healthy = own.filter(
      (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined && !(pod.metadata.name in disrupted),
    );
    const disruptionsAllowed = expectedPods > 0 ? Math.max(0, healthy.length - desiredHealthy) : 0;
    return {
      observedGeneration: budget.metadata.generation ?? 0,
      ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
      disruptionsAllowed,
      currentHealthy: healthy.length,
      ...{ desiredHealthy, expectedPods },
      conditions: [condition(budget, disruptionsAllowed > 0)],
    };
  }

  /** A number of pods is counted among those that are there, a share and a maximum among those that their owners want. */
  function expectation(budget: KubeObject, own: readonly KubeObject[]) {
    const { minAvailable, maxUnavailable } = objectAt(budget, "spec");
    if (typeof minAvailable === "number") return { expectedPods: own.length, desiredHealthy: minAvailable };
    const uids = new Set(own.map((pod) => controllerOf(pod)?.uid));
    const expectedPods = owners
      .flatMap((informer) => informer.list())
      .filter(({ metadata }) => uids.has(metadata.uid))
      .reduce((sum, owner) => sum + (numberAt(owner, "spec", "replicas") ?? 1), 0);
    const desiredHealthy =
      maxUnavailable === undefined
        ? Math.ceil(amount(minAvailable, expectedPods))
        : Math.max(0, expectedPods - Math.ceil(amount(maxUnavailable, expectedPods)));
    return { expectedPods, desiredHealthy };
  }

  return queue;
}

function isAbout(budget: KubeObject, pod: KubeObject): boolean {
  if (budget.metadata.namespace !== pod.metadata.namespace) return false;
  const selector = objectAt(budget, "spec").selector;
  const isEmpty = selector !== undefined && Object.keys(objectAt(budget, "spec", "selector")).length === 0;
  return isEmpty || selects(selector, pod.metadata.labels ?? {});
}

/** Evicted pods that are there and do not go yet, whatever else holds them. */
function stillDisrupted(budget: KubeObject, own: readonly KubeObject[]): Record<string, unknown> {
  const there = own
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
  const evicted = Object.entries(objectAt(budget, "status", "disruptedPods"));
  return Object.fromEntries(evicted.filter(([name]) => there.includes(name)));
}

function condition(budget: KubeObject, isAllowed: boolean): object {
  const old = objectsAt(budget, "status", "conditions").find(({ type }) => type === "DisruptionAllowed");
  const status = isAllowed ? "True" : "False";
  const same = stringAt(old, "status") === status;
  return {
    type: "DisruptionAllowed",
    status,
    observedGeneration: budget.metadata.generation ?? 0,
    lastTransitionTime: same ? old?.lastTransitionTime : timestamp(Date.now()),
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
  };
}
