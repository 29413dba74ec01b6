import type { Observation } from "../observation.ts";
import type { Pass } from "../pass.ts";
import type { RolloutSpec } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";
import { takeAction } from "./action.ts";
import { takeAnnotationProblems } from "./annotation-problems.ts";
import { takeAnnotations } from "./annotations.ts";
import { takeBusState } from "./bus.ts";
import { takeDeliveries } from "./deliveries.ts";
import { asIfDone } from "./dry-run.ts";
import { takeFlags } from "./flags.ts";
import { takeMetrics } from "./metrics.ts";
import { dropStaleQuestions } from "./pending.ts";
import { takeTarget } from "./target.ts";
import { takeValidity } from "./validity.ts";
import { takeVerdict } from "./verdict.ts";

const always = [takeDeliveries, takeValidity];
const whileActive = [
  takeTarget,
  takeFlags,
  takeMetrics,
  takeBusState,
  takeAction,
  takeAnnotationProblems,
  takeAnnotations,
  dropStaleQuestions,
  takeVerdict,
];

/** Folds everything that arrived into the status, before any rule speaks. A suspended Canary takes nothing in. */
export function intake(
  spec: RolloutSpec,
  before: CanaryStatus,
  observed: Observation,
): { readonly status: CanaryStatus; readonly seen: Observation } {
  const seen = spec.dryRun ? asIfDone(before, observed) : observed;
  const steps = spec.suspend || seen.deleting ? always : [...always, ...whileActive];
  const pass: Pass = { spec, seen, before, status: before };
  return { seen, status: steps.reduce((status, take) => take(pass, status), before) };
}
