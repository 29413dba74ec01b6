import { momentFromMs } from "./moment.ts";
import { warn } from "./notice.ts";
import type { TargetSeen } from "./observation.ts";
import type { Pass } from "./pass.ts";
import { enterPhase } from "./phase.ts";
import { allToCanary, allToPrimary } from "./routes.ts";
import type { CanaryStatus, Tick } from "./status.ts";

/**
 * The status of a run that begins now: every counter at zero, the revision and the configs that it is about. Everything
 * that belonged to the run before is gone, except a wish to promote this very revision.
 */
export function newRun(
  pass: Pass,
  status: CanaryStatus,
  target: Extract<TargetSeen, { state: "present" }>,
): CanaryStatus {
  const {
    pendingCheck: _check,
    pendingHook: _hook,
    tick: _tick,
    lastPass: _pass,
    unknownChecks: _unknown,
    ...a
  } = status;
  const {
    readySince: _ready,
    opened: _opened,
    paused: _paused,
    approvals: _approvals,
    startRequested: _asked,
    ...b
  } = a;
  const { override, trackedConfigs: _configs, routes: _routes, rollback: _rollback, afterRun: _after, ...rest } = b;
  // After a failed promotion the canary serves everybody, and goes on to until a revision is promoted.
  const routes = status.promotionFailed === true && pass.spec.routed ? (status.routes ?? allToCanary) : allToPrimary;
  const run: CanaryStatus = {
    ...rest,
    run: (status.run ?? 0) + 1,
    check: 0,
    failedChecks: 0,
    iterations: 0,
    canaryWeight: routes.canary,
    routes,
    targetRevision: target.revision,
    lastAppliedSpec: target.revision,
    ...(target.configs === undefined ? {} : { trackedConfigs: { ...target.configs } }),
    ...(override?.revision === target.revision ? { override } : {}),
    ...(routes.canary > 0 ? { tick: exposedFromNow(pass) } : {}),
  };
  return adaptationsTold(pass, enterPhase(pass, run, "Progressing"));
}

/** A canary that already serves is judged only after it served this revision for an interval. */
function exposedFromNow({ seen }: Pass): Tick {
  const now = momentFromMs(seen.now);
  return { number: 0, startedAt: now, finishedAt: now };
}

/** A run that the spec wants without analysis carries that wish with it, and who wished it. */
export function withSkip(pass: Pass, status: CanaryStatus): CanaryStatus {
  if (!pass.spec.skipAnalysis || status.override !== undefined || status.targetRevision === undefined) return status;
  const at = momentFromMs(pass.seen.now);
  return { ...status, override: { action: "skip", revision: status.targetRevision, actor: "spec.skipAnalysis", at } };
}

function adaptationsTold(pass: Pass, status: CanaryStatus): CanaryStatus {
  return pass.spec.adaptations
    .filter((adaptation) => adaptation.type === "Warning")
    .reduce((next, adaptation) => warn(pass, next, adaptation.message), status);
}
