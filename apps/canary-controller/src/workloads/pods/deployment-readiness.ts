// When is a Deployment ready, and when is there no more hope.
import type { Readiness } from "@burgee/rollout-engine";
import type { PodWorkload, ReadinessLimits } from "./pod-kind.ts";
import { neededAvailable, unobserved, waiting } from "./progress.ts";

/** Readiness of a Deployment with upstream's wording. Zero replicas are ready. */
export function deploymentReadiness(deployment: PodWorkload, limits: ReadinessLimits): Readiness {
  const { metadata, spec } = deployment;
  const status = deployment.status ?? {};
  const behind = unobserved(deployment, "deployment");
  if (behind !== undefined) return behind;
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

function unavailable(deployment: PodWorkload, thresholdPercent: number): string | undefined {
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = deployment.status ?? {};
  const desired = deployment.spec.replicas ?? 1;
  const needed = neededAvailable(updated, thresholdPercent);
  if (updated < desired) return `${updated} out of ${desired} new replicas have been updated`;
  if (replicas > updated) return `${replicas - updated} old replicas are pending termination`;
  if (available < needed) {
    return `${available} of ${needed} (readyThreshold ${thresholdPercent}%) updated replicas are available`;
  }
  return undefined;
}

function overdue(deployment: PodWorkload, limits: ReadinessLimits): boolean {
  const available = deployment.status?.conditions?.find((c) => c.type === "Available");
  if (available?.status !== "False" || available.reason !== "MinimumReplicasUnavailable") return false;
  const since = Date.parse(available.lastUpdateTime ?? available.lastTransitionTime ?? "");
  return Number.isFinite(since) && since + limits.progressDeadlineMs < limits.now;
}
