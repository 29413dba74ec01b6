// Custom workloads, such as a CloneSet or a Rollout: what has spec.selector, spec.template and a scale subresource.
import type { Readiness } from "@burgee/rollout-engine";
import { isRecord } from "../record.ts";
import { findScalable } from "./find-scalable.ts";
import type { PodKind, PodWorkload, ReadinessLimits } from "./pod-kind.ts";
import { neededAvailable, notYet, unobserved } from "./progress.ts";
import { countedAt, type ReplicasPath } from "./replicas.ts";

/** What holds back pods of the target. The primary is to run the promoted revision with every pod. */
const holds = ["paused", "partition"];
/** Not taken over: what makes the primary another workload than the target, and what stops the target only. */
const ownFields = ["selector", "template", ...holds];

/** Any kind of an API group with a domain. Before its definition was read, its size is taken to be spec.replicas. */
export const custom: PodKind = customKind(["replicas"]);

function customKind(path: ReplicasPath): PodKind {
  const [field, ...inner] = path;
  const own = inner.length === 0 ? [...ownFields, field] : ownFields;
  const size = countedAt(path);
  return {
    matches: ({ apiVersion }) => /^[^/]+\.[^/]+\//.test(apiVersion) && !/\.k8s\.io\//.test(apiVersion),
    async find(client, ref) {
      const found = await findScalable(client, ref);
      return typeof found === "string" ? found : { resource: found.resource, kind: customKind(found.replicasPath) };
    },
    problem({ metadata, spec }) {
      if (spec?.template?.spec?.containers !== undefined && spec.selector?.matchLabels !== undefined) return undefined;
      return `${metadata.name}.${metadata.namespace} must have spec.selector.matchLabels and spec.template, as workloads with pods do`;
    },
    template: ({ spec }) => spec.template,
    ...size,
    settings: ({ spec }) => Object.keys(spec).filter((name) => !own.includes(name)),
    adapt({ target: { spec } }) {
      return "updateStrategy" in spec ? { updateStrategy: withoutHolds(spec.updateStrategy) } : {};
    },
    rewritesAffinity: true,
    readiness: (workload, limits) => readiness(workload, size.replicas(workload), limits),
  };
}

/** A CloneSet's strategy has them itself, an advanced StatefulSet's in `rollingUpdate`. */
function withoutHolds(strategy: unknown): unknown {
  if (!isRecord(strategy)) return strategy;
  const kept = Object.entries(strategy).filter(([name]) => !holds.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutHolds(value)]));
}

function readiness(workload: PodWorkload, desired: number, limits: ReadinessLimits): Readiness {
  const { kind = "object", status = {} } = workload;
  const behind = status.observedGeneration === undefined ? undefined : unobserved(workload, kind.toLowerCase());
  if (behind !== undefined) return behind;
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
