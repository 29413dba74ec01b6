// analysis.canaryPod: where the canary's pods may run. It is on the target only while it is scaled up as a canary, noted in an
// annotation together with it, counts for no revision, and never takes a field that the user has set.
import type { Canary } from "@burgee/contracts/crd";
import type { PodTemplateSpec } from "@burgee/kube";
import type { SpecProblem } from "@burgee/rollout-engine";
import { sameMeaning } from "../canonical-json.ts";
import { isRecord } from "../record.ts";
import type { PodKind, PodWorkload } from "./pod-kind.ts";

/** Annotation of the target: what of its pod template is ours, as JSON. */
export const canaryPodAnnotation = "burgee.dev/canary-pod";
const fields = [
  "nodeSelector",
  "tolerations",
  "affinity",
  "topologySpreadConstraints",
  "priorityClassName",
  "runtimeClassName",
];
type Fields = Record<string, unknown>;

/** What the Canary asks for, by its name or by the alias of the documents. */
function wish(canary: Canary): { path: string; fields: Fields } {
  const { canaryPod, canaryAnalysis } = canary.spec.analysis ?? {};
  if (canaryPod !== undefined) return { path: "spec.analysis.canaryPod", fields: canaryPod };
  const path = "spec.analysis.canaryAnalysis.templateVariables";
  return { path, fields: canaryAnalysis?.templateVariables ?? {} };
}

/** Fields of it that cannot be set. */
export function canaryPodProblems(canary: Canary): SpecProblem[] {
  const { path, fields: asked } = wish(canary);
  return Object.entries(asked).flatMap(([name, value]) => {
    if (!fields.includes(name)) return [{ path: `${path}.${name}`, value, expected: `one of: ${fields.join(", ")}` }];
    if (name !== "nodeSelector") return [];
    const isLabels = isRecord(value) && Object.values(value).every((label) => typeof label === "string");
    return isLabels ? [] : [{ path: `${path}.${name}`, value, expected: "an object of strings" }];
  });
}

/** The target's pod template as its user wrote it: without anything that scaling it put there. */
export function userTemplate(kind: PodKind, target: PodWorkload): PodTemplateSpec {
  const template = kind.template(target);
  const spec: Fields = { ...template.spec };
  for (const [name, value] of Object.entries(ours(target))) {
    if (name === "nodeSelector" && isRecord(value)) spec[name] = without(spec[name], value);
    else if (sameMeaning(spec[name], value)) delete spec[name];
  }
  return { ...template, spec: { ...spec, containers: template.spec.containers } };
}

/**
 * Why it cannot be set: the user's template says something else there. A field is the user's or ours as a whole, nodeSelector included:
 * the API server knows one owner of it, and a tool that applies the user's would take ours off.
 */
export function canaryPodCollision(kind: PodKind, target: PodWorkload, canary: Canary): string | undefined {
  const { path, fields: asked } = wish(canary);
  const user: Fields = { ...userTemplate(kind, target).spec };
  const taken = Object.entries(asked).find(([name, value]) => !isFree(user[name]) && !sameMeaning(user[name], value));
  return taken && `${path}.${taken[0]} is set by the target, too, expected in one of the two`;
}

/** Merge patch that puts it on the target; undefined when there is nothing to put. */
export function withCanaryPod(kind: PodKind, target: PodWorkload, canary: Canary): object | undefined {
  const user: Fields = { ...userTemplate(kind, target).spec };
  const put = Object.fromEntries(Object.entries(wish(canary).fields).filter(([name]) => isFree(user[name])));
  if (sameMeaning(put, ours(target))) return undefined;
  return patch(JSON.stringify(put), put);
}

function isFree(own: unknown): boolean {
  return sameMeaning(own, undefined);
}

/** Merge patch that takes it off again, as far as it still is what was put there; undefined when nothing of it is. */
export function withoutCanaryPod(kind: PodKind, target: PodWorkload): object | undefined {
  if (target.metadata.annotations?.[canaryPodAnnotation] === undefined) return undefined;
  const live: Fields = { ...kind.template(target).spec };
  const off: Fields = {};
  for (const [name, value] of Object.entries(ours(target))) {
    const there = live[name];
    if (name === "nodeSelector" && isRecord(value)) {
      const keys = Object.keys(value).filter((key) => isRecord(there) && there[key] === value[key]);
      off[name] = Object.fromEntries(keys.map((key) => [key, null]));
    } else if (sameMeaning(there, value)) off[name] = null;
  }
  return patch(null, off);
}

function patch(note: string | null, spec: Fields): object {
  return { metadata: { annotations: { [canaryPodAnnotation]: note } }, spec: { template: { spec } } };
}

/** What the annotation says is ours. Somebody else's text there claims nothing. */
function ours(target: PodWorkload): Fields {
  const text = target.metadata.annotations?.[canaryPodAnnotation];
  if (text === undefined) return {};
  try {
    const noted: unknown = JSON.parse(text);
    return isRecord(noted) ? Object.fromEntries(Object.entries(noted).filter(([name]) => fields.includes(name))) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function without(live: unknown, labels: Fields): Fields | undefined {
  if (!isRecord(live)) return undefined;
  return Object.fromEntries(Object.entries(live).filter(([key, value]) => labels[key] !== value));
}
