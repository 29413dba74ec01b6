// Two canaries of one target would undo each other's steps: one has it, the others are refused until it is gone.
import type { Canary } from "@burgee/contracts/crd";
import type { SpecProblem } from "@burgee/rollout-engine";

/**
 * The Canary that has the target of this one; undefined when this one has it. One that has begun comes before one that has not, then the
 * older one. One that has not begun and `isRefused` has nothing.
 */
export function ownerOfTarget(
  canary: Canary,
  { others, isRefused }: { others: readonly Canary[]; isRefused: (other: Canary) => boolean },
): Canary | undefined {
  return others
    .filter((other) => targetOf(other) === targetOf(canary) && order(other, canary) < 0)
    .filter((other) => hasBegun(other) || !isRefused(other))
    .sort(order)[0];
}

/** What is wrong with a Canary whose target another one has. */
export function sharedTarget({ spec }: Canary, { metadata }: Canary): SpecProblem {
  const expected = `a target of its own: Canary ${metadata.namespace}/${metadata.name} rolls this one out`;
  return { path: "spec.targetRef.name", value: spec.targetRef.name, expected };
}

function targetOf({ metadata, spec }: Canary): string {
  const { apiVersion, kind, name } = spec.targetRef;
  // Knative has a kind Service, too.
  const group = apiVersion.split("/").slice(0, -1).join("");
  return `${metadata.namespace}/${group}/${kind}/${name}`;
}

function hasBegun({ status }: Canary): boolean {
  return (status?.phase ?? "") !== "";
}

/** The same for everybody who looks. */
function order(a: Canary, b: Canary): number {
  const key = ({ metadata }: Canary) => `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
  if (hasBegun(a) !== hasBegun(b)) return hasBegun(a) ? -1 : 1;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
