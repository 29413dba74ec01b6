// A DaemonSet has no replicas: to rest, it asks for nodes that do not exist.
import { resource } from "@burgee/kube";
import type { Readiness } from "@burgee/rollout-engine";
import { isRecord } from "../record.ts";
import type { PodKind, PodWorkload, ReadinessLimits } from "./pod-kind.ts";
import { neededAvailable, notYet, unobserved } from "./progress.ts";
import { isAtRest, restPatch, wakePatch, withoutRest } from "./scale-to-zero.ts";

const daemonSets = resource<PodWorkload>("apps", "v1", "daemonsets", "DaemonSet");

/** apps/v1 DaemonSet. */
export const daemonSet: PodKind = {
  matches: ({ apiVersion, kind }) => kind === "DaemonSet" && /^(apps|extensions)\//.test(apiVersion),
  find: async () => ({ resource: daemonSets, kind: daemonSet }),
  known: daemonSets,
  problem(target) {
    const type = updateStrategyType(target);
    if (type === undefined || type === "" || type === "RollingUpdate") return undefined;
    const { name, namespace } = target.metadata;
    return `daemonset ${name}.${namespace} must have RollingUpdate strategy but have ${type}`;
  },
  template: ({ spec }) => withoutRest(spec.template),
  replicas: ({ spec }) => (isAtRest(spec.template) ? 0 : 1),
  scale(workload, replicas) {
    const { template } = workload.spec;
    if (isAtRest(template) === (replicas === 0)) return undefined;
    return { spec: { template: { spec: replicas === 0 ? restPatch(template) : wakePatch(template) } } };
  },
  settings: () => ["updateStrategy", "minReadySeconds", "revisionHistoryLimit"],
  adapt: () => ({}),
  replicasPath: undefined,
  rewritesAffinity: false,
  readiness,
};

/** `spec.updateStrategy.type`. */
export function updateStrategyType({ spec }: PodWorkload): string | undefined {
  const strategy = "updateStrategy" in spec ? spec.updateStrategy : undefined;
  return isRecord(strategy) && typeof strategy.type === "string" ? strategy.type : undefined;
}

function readiness(workload: PodWorkload, limits: ReadinessLimits): Readiness {
  const behind = unobserved(workload, "daemonset");
  if (behind !== undefined) return behind;
  const { desiredNumberScheduled: desired = 0, updatedNumberScheduled: updated = 0 } = workload.status ?? {};
  const available = workload.status?.numberAvailable ?? 0;
  const needed = neededAvailable(desired, limits.thresholdPercent);
  if (updated < desired) return notYet(`${updated} out of ${desired} new pods have been updated`, limits);
  if (available >= needed) return { ready: true };
  return notYet(
    `${available} of ${needed} (readyThreshold ${limits.thresholdPercent}%) updated pods are available`,
    limits,
  );
}
