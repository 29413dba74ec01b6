// Custom workloads, such as a CloneSet or a Rollout: what has spec.selector, spec.template, spec.replicas and a scale subresource.
import type { KubeClient } from "@burgee/kube";
import type { Readiness } from "@burgee/rollout-engine";
import { findScalable } from "./find-scalable.ts";
import type { PodKind, PodWorkload, ReadinessLimits } from "./pod-kind.ts";
import { neededAvailable, notYet, unobserved } from "./progress.ts";
import { replicasOf, scaleReplicas } from "./replicas.ts";

/** Not taken over: what makes the primary another workload than the target, and switches that stop the target only. */
const ownFields = ["replicas", "selector", "template", "paused", "partition"];

/** Any kind of an API group with a domain. */
export const custom: PodKind = {
  matches: ({ apiVersion }) => /^[^/]+\.[^/]+\//.test(apiVersion) && !/\.k8s\.io\//.test(apiVersion),
  resource: (client: KubeClient, ref) => findScalable(client, ref),
  problem({ metadata, spec }) {
    if (spec?.template?.spec?.containers !== undefined && spec.selector?.matchLabels !== undefined) return undefined;
    return `${metadata.name}.${metadata.namespace} must have spec.selector.matchLabels and spec.template, as workloads with pods do`;
  },
  template: ({ spec }) => spec.template,
  replicas: replicasOf,
  scale: scaleReplicas,
  settings: ({ spec }) => Object.keys(spec).filter((name) => !ownFields.includes(name)),
  adapt: () => ({}),
  counted: true,
  rewritesAffinity: true,
  readiness,
};

function readiness(workload: PodWorkload, limits: ReadinessLimits): Readiness {
  const { kind = "object", status = {} } = workload;
  const behind = status.observedGeneration === undefined ? undefined : unobserved(workload, kind.toLowerCase());
  if (behind !== undefined) return behind;
  const desired = replicasOf(workload);
  const { replicas = 0, readyReplicas = 0 } = status;
  const updated = status.updatedReplicas ?? replicas;
  const available = status.availableReplicas ?? readyReplicas;
  if (updated < desired) return notYet(`${updated} out of ${desired} new replicas have been updated`, limits);
  if (replicas > updated) return notYet(`${replicas - updated} old replicas are pending termination`, limits);
  const needed = neededAvailable(updated, limits.thresholdPercent);
  if (available >= needed) return { ready: true };
  return notYet(
    `${available} of ${needed} (readyThreshold ${limits.thresholdPercent}%) updated replicas are available`,
    limits,
  );
}
