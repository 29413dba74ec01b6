import { numberAt, objectAt, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { withCondition } from "./pod-state.ts";
import { limitsOf } from "./rolling-update.ts";

/** What is known of a Deployment and its ReplicaSets when its status is written. */
export interface DeploymentView {
  deployment: KubeObject;
  fresh: KubeObject | undefined;
  owned: readonly KubeObject[];
  now: number;
}

/** The status that follows, and when it may change without anything happening: at the progress deadline. */
export function deploymentStatus(view: DeploymentView): {
  status: Record<string, unknown>;
  recheckMs: number | undefined;
} {
  const { deployment, fresh, owned, now } = view;
  const sum = (field: string) => owned.reduce((total, set) => total + (numberAt(set, "status", field) ?? 0), 0);
  const counts = {
    replicas: sum("replicas"),
    updatedReplicas: numberAt(fresh, "status", "replicas") ?? 0,
    readyReplicas: sum("readyReplicas"),
    availableReplicas: sum("availableReplicas"),
  };
  const { replicas, maxUnavailable } = limitsOf(deployment);
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const enough = counts.availableReplicas >= replicas - maxUnavailable;
  const available = enough
    ? { status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." }
    : {
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
  const progress = progressOf(view, counts);
  let conditions = withCondition(
    objectsAt(deployment, "status", "conditions"),
    { type: "Available", ...available },
    time,
  );
  if (progress)
    conditions = withCondition(
      conditions,
      { type: "Progressing", ...progress.condition, touch: progress.touch === true },
      time,
    );
  const shown = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  const asked = owned.reduce((total, set) => total + (numberAt(set, "spec", "replicas") ?? 0), 0);
  const unavailable = Math.max(0, asked - counts.availableReplicas);
  const collisionCount = objectAt(deployment, "status").collisionCount;
  const status = {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...shown,
    ...(unavailable > 0 && { unavailableReplicas: unavailable }),
    conditions,
    ...(collisionCount !== undefined && { collisionCount }),
  };
  return { status, recheckMs: progress?.recheckMs };
}

interface Counts {
  replicas: number;
  updatedReplicas: number;
  readyReplicas: number;
  availableReplicas: number;
}

interface Progress {
  condition: { status: string; reason: string; message: string };
  recheckMs?: number;
  /** Something moved: the deadline counts from now. */
  touch?: boolean;
}

function progressOf({ deployment, fresh, now }: DeploymentView, counts: Counts): Progress | undefined {
  const old = objectsAt(deployment, "status", "conditions").find((condition) => condition.type === "Progressing");
  if (objectAt(deployment, "spec").paused === true) {
    const message = "Deployment is paused";
    return { condition: { status: "Unknown", reason: "DeploymentPaused", message } };
  }
  if (!fresh) return undefined;
  const name = fresh.metadata.name;
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  const complete =
    counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted;
  if (complete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { condition: { status: "True", reason: "NewReplicaSetAvailable", message } };
  }
  const before = objectAt(deployment, "status");
  const started = numberAt(before, "observedGeneration") !== deployment.metadata.generation;
  const moved =
    started ||
    counts.updatedReplicas > (numberAt(before, "updatedReplicas") ?? 0) ||
    counts.readyReplicas > (numberAt(before, "readyReplicas") ?? 0) ||
    counts.availableReplicas > (numberAt(before, "availableReplicas") ?? 0) ||
    counts.replicas - counts.updatedReplicas <
      (numberAt(before, "replicas") ?? 0) - (numberAt(before, "updatedReplicas") ?? 0);
  const deadlineMs = (numberAt(deployment, "spec", "progressDeadlineSeconds") ?? 600) * 1000;
  const since = Date.parse(String(old?.lastUpdateTime ?? ""));
  const waitedMs = Number.isNaN(since) ? 0 : now - since;
  if (!moved && old?.reason === "ProgressDeadlineExceeded") return { condition: conditionOf(old) };
  // A rollout that was complete stays so when pods fail later.
  const wasComplete = old?.reason === "NewReplicaSetAvailable" && counts.replicas === counts.updatedReplicas;
  if (wasComplete && !started) return { condition: conditionOf(old) };
  if (!moved && waitedMs > deadlineMs) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return { condition: { status: "False", reason: "ProgressDeadlineExceeded", message } };
  }
  const message = `ReplicaSet "${name}" is progressing.`;
  return {
    condition: { status: "True", reason: "ReplicaSetUpdated", message },
    touch: moved,
    recheckMs: Math.max(100, deadlineMs - (moved ? 0 : waitedMs) + 100),
  };
}

function conditionOf(old: Record<string, unknown>): Progress["condition"] {
  return { status: String(old.status), reason: String(old.reason), message: String(old.message) };
}
