// How a DaemonSet is taken to rest: by a node label that no node has, asked for in a field that is not the user's.
import type { PodSpec, PodTemplateSpec } from "@burgee/kube";
import { sameMeaning } from "../canonical-json.ts";
import { isRecord } from "../record.ts";

/** Upstream's label. */
const label = "flagger.app/scale-to-zero";
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const nowhere = { nodeSelectorTerms: [{ matchExpressions: [{ key: label, operator: "Exists" }] }] };

/** True for a template whose pods run nowhere because of us. */
export function isAtRest({ spec }: PodTemplateSpec): boolean {
  return label in (spec.nodeSelector ?? {}) || sameMeaning(requiredNodes(spec), nowhere);
}

/** The template as it is awake. */
export function withoutRest(template: PodTemplateSpec): PodTemplateSpec {
  if (!isAtRest(template)) return template;
  const { nodeSelector, affinity, ...spec } = template.spec;
  const { [label]: _label, ...labels } = nodeSelector ?? {};
  const others = awakeAffinity(affinity);
  return {
    ...template,
    spec: {
      ...spec,
      ...(nodeSelector === undefined ? {} : { nodeSelector: labels }),
      ...(others === undefined ? {} : { affinity: others }),
    },
  };
}

/**
 * Merge patch of the pod spec that takes it to rest. By nodeSelector, as upstream does, unless the user has one: the field has one owner,
 * and a tool that applies the user's would wake the pods. Then by node affinity, if that is free.
 */
export function restPatch({ spec }: PodTemplateSpec): object {
  const free = Object.keys(spec.nodeSelector ?? {}).length === 0;
  if (free || requiredNodes(spec) !== undefined) return { nodeSelector: { [label]: "true" } };
  return { affinity: { nodeAffinity: { [required]: nowhere } } };
}

/** Merge patch of the pod spec that wakes it. */
export function wakePatch({ spec }: PodTemplateSpec): object {
  const patch: Record<string, unknown> = {};
  if (label in (spec.nodeSelector ?? {})) patch.nodeSelector = { [label]: null };
  if (sameMeaning(requiredNodes(spec), nowhere)) {
    const others = awakeAffinity(spec.affinity);
    const nodes = others?.nodeAffinity === undefined ? null : { [required]: null };
    patch.affinity = others === undefined ? null : { nodeAffinity: nodes };
  }
  return patch;
}

function requiredNodes({ affinity }: PodSpec): unknown {
  return isRecord(affinity?.nodeAffinity) ? affinity.nodeAffinity[required] : undefined;
}

/** The affinity without ours; undefined when nothing is left. */
function awakeAffinity(affinity: PodSpec["affinity"]): PodSpec["affinity"] {
  if (affinity === undefined || !isRecord(affinity.nodeAffinity)) return affinity;
  const { nodeAffinity, ...rest } = affinity;
  if (!isRecord(nodeAffinity) || !sameMeaning(nodeAffinity[required], nowhere)) return affinity;
  const { [required]: _ours, ...nodes } = nodeAffinity;
  const others = Object.keys(nodes).length === 0 ? rest : { ...rest, nodeAffinity: nodes };
  return Object.keys(others).length === 0 ? undefined : others;
}
