// A StatefulSet: pods in order, each with volumes of its own. The primary gets claims of its own and never shares one.
import { resource } from "@burgee/kube";
import type { Readiness } from "@burgee/rollout-engine";
import { serviceName } from "../../services.ts";
import { isRecord } from "../record.ts";
import { updateStrategyType } from "./daemon-set.ts";
import type { PodKind, PodWorkload, ReadinessLimits } from "./pod-kind.ts";
import { neededAvailable, notYet, unobserved } from "./progress.ts";
import { countedAt } from "./replicas.ts";

const statefulSets = resource<PodWorkload>("apps", "v1", "statefulsets", "StatefulSet");
/** The API server refuses changes of them. */
const fixed = ["podManagementPolicy", "serviceName", "volumeClaimTemplates"];

/** apps/v1 StatefulSet. */
export const statefulSet: PodKind = {
  matches: ({ apiVersion, kind }) => kind === "StatefulSet" && apiVersion.startsWith("apps/"),
  find: async () => ({ resource: statefulSets, kind: statefulSet }),
  known: statefulSets,
  problem,
  template: ({ spec }) => spec.template,
  ...countedAt(["replicas"]),
  settings: () => ["minReadySeconds", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy"],
  adapt({ target, live, canary }) {
    const source = live?.spec ?? target.spec;
    const kept = Object.fromEntries(Object.entries(source).filter(([key]) => fixed.includes(key)));
    // Its pods are found by name through a Service that selects them; the target's own selects the canary's.
    const governing = live === undefined ? { serviceName: serviceName(canary, "primary") } : {};
    // A partition holds back pods of the target. The primary is to run the promoted revision with every pod.
    return { ...kept, ...governing, updateStrategy: { type: "RollingUpdate" } };
  },
  rewritesAffinity: true,
  readiness,
};

function problem(target: PodWorkload): string | undefined {
  const { name, namespace } = target.metadata;
  const type = updateStrategyType(target);
  if (type !== undefined && type !== "" && type !== "RollingUpdate") {
    return `statefulset ${name}.${namespace} must have RollingUpdate strategy but have ${type}`;
  }
  const shared = target.spec.template.spec.volumes?.find(
    ({ persistentVolumeClaim: claim }) => claim !== undefined && claim.readOnly !== true,
  );
  if (shared === undefined) return undefined;
  const claim = shared.persistentVolumeClaim?.claimName;
  return `statefulset ${name}.${namespace} mounts the claim ${claim} by volume ${shared.name}, which canary and primary would both write to: expected volumeClaimTemplates or readOnly: true`;
}

function partitionOf({ spec }: PodWorkload): number {
  const strategy = "updateStrategy" in spec ? spec.updateStrategy : undefined;
  const rolling = isRecord(strategy) ? strategy.rollingUpdate : undefined;
  return isRecord(rolling) && typeof rolling.partition === "number" ? rolling.partition : 0;
}

function readiness(workload: PodWorkload, limits: ReadinessLimits): Readiness {
  const behind = unobserved(workload, "statefulset");
  if (behind !== undefined) return behind;
  const { replicas = 0, updatedReplicas: updated = 0, readyReplicas = 0 } = workload.status ?? {};
  const available = workload.status?.availableReplicas ?? readyReplicas;
  const desired = statefulSet.replicas(workload);
  // Pods below the partition keep the revision that they have; at least one must run the new one.
  const toUpdate = Math.max(desired - partitionOf(workload), Math.min(1, desired));
  if (updated < toUpdate) return notYet(`${updated} out of ${toUpdate} new pods have been updated`, limits);
  if (replicas < desired) return notYet(`${replicas} out of ${desired} pods have been created in order`, limits);
  if (replicas > desired) return notYet(`${replicas - desired} old pods are pending termination`, limits);
  const needed = neededAvailable(desired, limits.thresholdPercent);
  if (available >= needed) return { ready: true };
  return notYet(
    `${available} of ${needed} (readyThreshold ${limits.thresholdPercent}%) updated pods are available`,
    limits,
  );
}
