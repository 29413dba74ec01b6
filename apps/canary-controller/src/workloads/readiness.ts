// When is a Deployment ready, and when is there no more hope.
import type { Deployment } from "@burgee/kube";
import type { Readiness } from "@burgee/rollout-engine";

/** How patient to be with a workload. `thresholdPercent` of the updated pods must be available. */
export interface ReadinessLimits {
  thresholdPercent: number;
  progressDeadlineMs: number;
  /** Epoch ms. */
  now: number;
}

/** Readiness of a Deployment with upstream's wording. Zero replicas are ready. */
export function deploymentReadiness(deployment: Deployment, limits: ReadinessLimits): Readiness {
  const { metadata, spec } = deployment;
  const status = deployment.status ?? {};
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return waiting("observed deployment generation less than desired generation");
  }
  const progressing = status.conditions?.find((c) => c.type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return { ready: false, retriable: false, message: `deployment "${metadata.name}" exceeded its progress deadline` };
  }
  const message = unavailable(deployment, limits.thresholdPercent);
  if (message === undefined) return { ready: true };
  const hopeless = progressing !== undefined && overdue(deployment, limits) && spec.replicas !== 0;
  return hopeless
    ? { ready: false, retriable: false, message: `waiting for rollout to finish: ${message}` }
    : waiting(message);
}

function waiting(detail: string): Readiness {
  return { ready: false, retriable: true, message: `waiting for rollout to finish: ${detail}` };
}

function unavailable(deployment: Deployment, thresholdPercent: number): string | undefined {
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = deployment.status ?? {};
  const desired = deployment.spec.replicas ?? 1;
  // Upstream computes in 32-bit floats; the truncation differs at the edges otherwise.
  const needed = Math.trunc(Math.fround(Math.fround(updated) * Math.fround(thresholdPercent / 100)));
  if (updated < desired) return `${updated} out of ${desired} new replicas have been updated`;
  if (replicas > updated) return `${replicas - updated} old replicas are pending termination`;
  if (available < needed) {
    return `${available} of ${needed} (readyThreshold ${thresholdPercent}%) updated replicas are available`;
  }
  return undefined;
}

function overdue(deployment: Deployment, limits: ReadinessLimits): boolean {
  const available = deployment.status?.conditions?.find((c) => c.type === "Available");
  if (available?.status !== "False" || available.reason !== "MinimumReplicasUnavailable") return false;
  const since = Date.parse(available.lastUpdateTime ?? available.lastTransitionTime ?? "");
  return Number.isFinite(since) && since + limits.progressDeadlineMs < limits.now;
}
