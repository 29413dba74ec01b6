import { createHash } from "node:crypto";
import { clone, equal, numberAt, objectAt, stringAt, stringMapAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerOf, controllerReference, type Part } from "./cluster.ts";
import { deploymentStatus } from "./deployment-status.ts";
import { isActive } from "./pod-state.ts";
import { limitsOf, nextStep, proportionally, type SetState } from "./rolling-update.ts";
import { WorkQueue } from "./work-queue.ts";

const revisionKey = "deployment.kubernetes.io/revision";
const hashKey = "pod-template-hash";
const component = "deployment-controller";

/** Rolls Deployments out: a ReplicaSet per pod template, grown and shrunk within the strategy's limits. */
export function startDeployments(cluster: Cluster): Part {
  const deployments = cluster.informer(paths.deployments);
  const sets = cluster.informer(paths.replicaSets);
  const pods = cluster.informer(paths.pods);
  const queue = new WorkQueue("deployment", (key) => reconcile(key), cluster.log);
  deployments.on(({ object }) => queue.add(keyOf(object)));
  sets.on(({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "Deployment") queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  async function reconcile(key: string): Promise<number | undefined> {
    await Promise.all([deployments.synced, sets.synced, pods.synced]);
    const deployment = deployments.get(key);
    if (!deployment || deployment.metadata.deletionTimestamp) return undefined;
    const owned = sets
      .list()
      .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid && !set.metadata.deletionTimestamp);
    const found = owned.find((set) => equal(templateOf(set), templateOf(deployment)));
    const old = owned.filter((set) => set !== found).sort(byAge);
    const paused = objectAt(deployment, "spec").paused === true;
    if (
      stringAt(deployment, "spec", "strategy", "type") === "Recreate" &&
      !paused &&
      (await clearOld(deployment, old))
    ) {
      return report(deployment, found, owned);
    }
    const fresh = found ?? (paused ? undefined : await createSet(deployment, owned));
    if (fresh && !paused) await stampRevision(deployment, fresh, owned);
    const current = fresh && (sets.get(keyOf(fresh)) ?? fresh);
    await scale(deployment, current, old, paused);
    if (!paused) await forgetOld(deployment, old);
    const present = owned.map((set) => sets.get(keyOf(set)) ?? set);
    return report(deployment, current, current && !found ? [...present, current] : present);
  }

  async function scale(
    deployment: KubeObject,
    fresh: KubeObject | undefined,
    old: readonly KubeObject[],
    paused: boolean,
  ) {
    const all = fresh ? [fresh, ...old] : [...old];
    const live = all.filter((set) => (numberAt(set, "spec", "replicas") ?? 0) > 0);
    const limits = limitsOf(deployment);
    // A size that changed is spread first; a rollout then goes on with the next step.
    const resized = live.some(
      (set) => desiredAnnotation(set) !== undefined && desiredAnnotation(set) !== limits.replicas,
    );
    const alone = live.length === 1 && live[0] === fresh;
    const step =
      paused || (resized && !alone)
        ? proportionally(
            live.map(stateOf),
            paused || live.length === 1 ? limits.replicas : limits.replicas + limits.maxSurge,
          )
        : fresh
          ? nextStep(stateOf(fresh), old.map(stateOf), limits)
          : new Map<string, number>();
    for (const set of all) {
      const wanted = step.get(set.metadata.name);
      const stale = desiredAnnotation(set) !== limits.replicas && live.includes(set);
      if (wanted !== undefined || stale) await resize(deployment, set, wanted);
    }
  }

  async function resize(deployment: KubeObject, set: KubeObject, wanted: number | undefined): Promise<void> {
    const { replicas, maxSurge } = limitsOf(deployment);
    const before = numberAt(set, "spec", "replicas") ?? 0;
    const annotations = {
      "deployment.kubernetes.io/desired-replicas": String(replicas),
      "deployment.kubernetes.io/max-replicas": String(replicas + maxSurge),
    };
    const metadata = { resourceVersion: set.metadata.resourceVersion, annotations };
    await cluster.merge(paths.replicaSets, set, {
      metadata,
      ...(wanted !== undefined && { spec: { replicas: wanted } }),
    });
    if (wanted === undefined || wanted === before) return;
    const direction = wanted > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${wanted}`;
    cluster.event(deployment, { type: "Normal", reason: "ScalingReplicaSet", message, component });
  }

  /** Recreate: old pods go before new ones come. True while there are any. */
  async function clearOld(deployment: KubeObject, old: readonly KubeObject[]): Promise<boolean> {
    const names = new Set(old.map((set) => set.metadata.uid));
    for (const set of old) if ((numberAt(set, "spec", "replicas") ?? 0) > 0) await resize(deployment, set, 0);
    return pods.list().some((pod) => names.has(controllerOf(pod)?.uid ?? "") && isActive(pod));
  }

  async function createSet(deployment: KubeObject, owned: readonly KubeObject[]): Promise<KubeObject> {
    const { namespace, name } = deployment.metadata;
    const template = templateOf(deployment);
    const hash = hashOf(template);
    const labels = { ...stringMapAt(template, "metadata", "labels"), [hashKey]: hash };
    const limits = limitsOf(deployment);
    const others = owned.reduce((sum, set) => sum + (numberAt(set, "spec", "replicas") ?? 0), 0);
    const replicas = Math.max(0, Math.min(limits.replicas, limits.replicas + limits.maxSurge - others));
    const set = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: `${name}-${hash}`,
        labels,
        annotations: {
          ...copiedAnnotations(deployment),
          [revisionKey]: String(nextRevision(owned)),
          "deployment.kubernetes.io/desired-replicas": String(limits.replicas),
          "deployment.kubernetes.io/max-replicas": String(limits.replicas + limits.maxSurge),
        },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas,
        ...(objectAt(deployment, "spec").minReadySeconds !== undefined && {
          minReadySeconds: objectAt(deployment, "spec").minReadySeconds,
        }),
        selector: withHash(objectAt(deployment, "spec", "selector"), hash),
        template: { ...template, metadata: { ...objectAt(template, "metadata"), labels } },
      },
    };
    try {
      const made = await cluster.create(paths.replicaSets, set, namespace);
      const message = `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`;
      if (replicas > 0) cluster.event(deployment, { type: "Normal", reason: "ScalingReplicaSet", message, component });
      return made;
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 409) throw error;
      return cluster.client.get(paths.replicaSets, set.metadata.name, namespace);
    }
  }

  /** The current set always has the highest revision, also after a rollback to an older template. */
  async function stampRevision(deployment: KubeObject, fresh: KubeObject, owned: readonly KubeObject[]): Promise<void> {
    const others = owned.filter((set) => set.metadata.uid !== fresh.metadata.uid);
    const wanted = String(Math.max(revisionOf(fresh), nextRevision(others)));
    if (revisionOf(fresh) !== Number(wanted)) {
      await cluster.merge(paths.replicaSets, fresh, { metadata: { annotations: { [revisionKey]: wanted } } });
    }
    if (deployment.metadata.annotations?.[revisionKey] === wanted) return;
    // Through the status, so that it raises no generation.
    const patch = { metadata: { annotations: { [revisionKey]: wanted } } };
    const made = await cluster.merge(paths.deployments, deployment, patch, "status");
    deployment.metadata = made.metadata;
  }

  async function forgetOld(deployment: KubeObject, old: readonly KubeObject[]): Promise<void> {
    const limit = numberAt(deployment, "spec", "revisionHistoryLimit") ?? 10;
    const empty = old.filter(
      (set) => numberAt(set, "spec", "replicas") === 0 && numberAt(set, "status", "replicas") === 0,
    );
    for (const set of empty.slice(0, Math.max(0, empty.length - limit))) await cluster.delete(paths.replicaSets, set);
  }

  async function report(deployment: KubeObject, fresh: KubeObject | undefined, owned: readonly KubeObject[]) {
    const { status, recheckMs } = deploymentStatus({ deployment, fresh, owned, now: Date.now() });
    const latest = deployments.get(keyOf(deployment)) ?? deployment;
    await cluster.replaceStatus(paths.deployments, latest, status);
    return recheckMs;
  }

  return queue;
}

function stateOf(set: KubeObject): SetState {
  return {
    name: set.metadata.name,
    desired: numberAt(set, "spec", "replicas") ?? 0,
    available: numberAt(set, "status", "availableReplicas") ?? 0,
  };
}

/** A pod template without the label that tells its ReplicaSet apart. */
function templateOf(workload: KubeObject): Record<string, unknown> {
  const template = clone(objectAt(workload, "spec", "template"));
  const labels = objectAt(template, "metadata", "labels");
  delete labels[hashKey];
  return template;
}

function hashOf(template: Record<string, unknown>): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const digest = createHash("sha256").update(JSON.stringify(template)).digest();
  return [...digest.subarray(0, 10)].map((byte) => letters[byte % letters.length]).join("");
}

function withHash(selector: Record<string, unknown>, hash: string): Record<string, unknown> {
  return { ...selector, matchLabels: { ...objectAt(selector, "matchLabels"), [hashKey]: hash } };
}

function copiedAnnotations(deployment: KubeObject): Record<string, string> {
  const own = ["kubectl.kubernetes.io/last-applied-configuration", revisionKey];
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !own.includes(key)),
  );
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[revisionKey] ?? 0);
}

function nextRevision(sets: readonly KubeObject[]): number {
  return Math.max(0, ...sets.map(revisionOf)) + 1;
}

function desiredAnnotation(set: KubeObject): number | undefined {
  const value = set.metadata.annotations?.["deployment.kubernetes.io/desired-replicas"];
  return value === undefined ? undefined : Number(value);
}

function byAge(a: KubeObject, b: KubeObject): number {
  return revisionOf(a) - revisionOf(b) || a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp);
}
