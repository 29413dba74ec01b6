export { decide } from "./decide.ts";
export type { Announcement, Decision, Effect } from "./decision.ts";
export type {
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
export type { AlertRoute, Gate, HookSpec, HookType, MetricSpec, RolloutSpec, Strategy } from "./rollout-spec.ts";
export type {
  ActionRecord,
  AnalysisRecord,
  CanaryStatus,
  CheckResult,
  Condition,
  PendingNotice,
  Phase,
  Routes,
  Severity,
  Tick,
} from "./status.ts";
