import type { Effect } from "./decision.ts";
import type { Observation, PrimarySeen, TargetSeen } from "./observation.ts";
import type { RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";

/** What a rule looks at. */
export interface Pass {
  readonly spec: RolloutSpec;
  readonly seen: Observation;
  /** The status as it is recorded in Kubernetes. */
  readonly before: CanaryStatus;
  /** The status with everything that arrived since folded in; what a rule builds on. */
  readonly status: CanaryStatus;
}

/** What a rule decides: effects first, then the status. An absent status means: nothing else to record. */
export interface Step {
  readonly effects?: readonly Effect[];
  readonly status?: CanaryStatus;
  /** Absent means at once when something was done or recorded. */
  readonly recheckAfterMs?: number;
}

/** One sentence of the specification. The first rule with something to say decides the pass. */
export interface Rule {
  readonly name: string;
  decide(pass: Pass): Step | undefined;
}

/** The target if it exists. */
export function presentTarget(seen: Observation): Extract<TargetSeen, { state: "present" }> | undefined {
  return seen.target.state === "present" ? seen.target : undefined;
}

/** The primary if it exists. */
export function presentPrimary(seen: Observation): Extract<PrimarySeen, { state: "present" }> | undefined {
  return seen.primary.state === "present" ? seen.primary : undefined;
}

/** False for a target that has no replicas of its own (a Service, the variant of a flag). */
export function isScalable(spec: RolloutSpec): boolean {
  return spec.target.kind !== "Service" && spec.target.kind !== "FlagRollout";
}

/** True when the target has pods and all of them are ready: only then may traffic be pointed at it. */
export function canaryCanServe({ seen, spec }: Pick<Pass, "seen" | "spec">): boolean {
  if (seen.target.state === "missing" || !seen.target.readiness.ready) return false;
  return seen.target.replicas > 0 || !isScalable(spec);
}

/** True when the primary has pods and they are ready. */
export function primaryCanServe(seen: Observation): boolean {
  return seen.primary.state === "present" && seen.primary.readiness.ready;
}
