// The primary's pods must keep away from each other, not from the target's: selectors that name the workload name the primary.
import type { PodSpec } from "@burgee/kube";
import { isRecord } from "./record.ts";
import { primaryName } from "./selector-label.ts";

/**
 * Rewrites, in place, the label selectors of topology spread constraints and pod anti-affinity terms that name the workload, for the
 * given label keys. Pod affinity and node affinity stay as written.
 */
export function pointSelectorsAtPrimary(spec: PodSpec, o: { name: string; labelKeys: readonly string[] }): void {
  for (const constraint of spec.topologySpreadConstraints ?? []) rewriteSelector(constraint.labelSelector, o);
  const antiAffinity = spec.affinity?.podAntiAffinity;
  if (!isRecord(antiAffinity)) return;
  for (const term of listOf(antiAffinity.requiredDuringSchedulingIgnoredDuringExecution)) {
    rewriteSelector(term.labelSelector, o);
  }
  for (const weighted of listOf(antiAffinity.preferredDuringSchedulingIgnoredDuringExecution)) {
    if (isRecord(weighted.podAffinityTerm)) rewriteSelector(weighted.podAffinityTerm.labelSelector, o);
  }
}

function rewriteSelector(selector: unknown, o: { name: string; labelKeys: readonly string[] }): void {
  if (!isRecord(selector)) return;
  for (const expression of listOf(selector.matchExpressions)) {
    if (typeof expression.key !== "string" || !o.labelKeys.includes(expression.key)) continue;
    if (!Array.isArray(expression.values)) continue;
    const at = expression.values.indexOf(o.name);
    if (at >= 0) expression.values[at] = primaryName(o.name);
  }
  const labels = selector.matchLabels;
  if (!isRecord(labels)) return;
  for (const key of o.labelKeys) {
    if (labels[key] === o.name) labels[key] = primaryName(o.name);
  }
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
