export { checkId } from "./announce.ts";
export { decide } from "./decide.ts";
export type { Announcement, Decision, Effect } from "./decision.ts";
export { actionAnnotation, resetAnnotation, skipAnnotation } from "./intake/annotations.ts";
export { refusalOf } from "./intake/refusal.ts";
export { reportInvalidSpec } from "./invalid-spec.ts";
export { reportObstacle } from "./obstacle.ts";
export type {
  FlagsSeen,
  DependencySeen,
  FlagProblem,
  HookResult,
  HumanAction,
  MetricSeen,
  Observation,
  PrimarySeen,
  Readiness,
  RoutesSeen,
  TargetSeen,
  VerdictSeen,
} from "./observation.ts";
export { isIdle } from "./phase.ts";
export { releaseOf } from "./revision.ts";
export type {
  AlertRoute,
  FlagSpec,
  Gate,
  HookSpec,
  HookType,
  MetricSpec,
  RolloutSpec,
  Strategy,
} from "./rollout-spec.ts";
export type {
  ActionRecord,
  CanaryStatus,
  CheckResult,
  Condition,
  FinishedCheck,
  FlagState,
  PendingNotice,
  Phase,
  Routes,
  Severity,
  Tick,
  UnknownReason,
} from "./status.ts";
export { rollbackHooksAnnotation } from "./spec/hooks.ts";
export { problemText, type SpecProblem } from "./spec/problem.ts";
export { rolloutSpecFromCanary, type SpecDefaults } from "./spec/rollout-spec-from-canary.ts";
