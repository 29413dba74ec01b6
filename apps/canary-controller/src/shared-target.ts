// Two canaries of one target would undo each other's steps: the older one has it, the others are refused until it is gone.
import type { Canary } from "@burgee/contracts/crd";
import type { SpecProblem } from "@burgee/rollout-engine";

/** The Canary that has the target of this one; undefined when this one has it. */
export function ownerOfTarget(canary: Canary, others: readonly Canary[]): Canary | undefined {
  const rivals = others.filter((other) => targetOf(other) === targetOf(canary) && isOlder(other, canary));
  return rivals.reduce<Canary | undefined>((oldest, rival) => {
    return oldest === undefined || isOlder(rival, oldest) ? rival : oldest;
  }, undefined);
}

/** What is wrong with a Canary whose target another one has. */
export function sharedTarget({ spec }: Canary, { metadata }: Canary): SpecProblem {
  const expected = `a target of its own: Canary ${metadata.namespace}/${metadata.name} rolls this one out`;
  return { path: "spec.targetRef.name", value: spec.targetRef.name, expected };
}

function targetOf({ metadata, spec }: Canary): string {
  return `${metadata.namespace}/${spec.targetRef.kind}/${spec.targetRef.name}`;
}

/** By age, then by name: everybody who looks comes to the same end. */
function isOlder(a: Canary, b: Canary): boolean {
  const [ageOfA = "", ageOfB = ""] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return ageOfA === ageOfB ? a.metadata.name < b.metadata.name : ageOfA < ageOfB;
}
