import { withCondition } from "../condition.ts";
import { withHold } from "../hold.ts";
import { momentFromMs } from "../moment.ts";
import { warn } from "../notice.ts";
import type { VerdictSeen } from "../observation.ts";
import type { Pass } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import type { CanaryStatus, FinishedCheck, UnknownReason } from "../status.ts";
import { finishTick } from "../tick.ts";

/** How many checks `status.canaryAnalysis` remembers. */
const maxFinishedChecks = 10;

/**
 * Records the answer to exactly the outstanding check; any other answer is none. Once recorded the check is no longer
 * outstanding, so the first answer wins.
 */
export function takeVerdict(pass: Pass, status: CanaryStatus): CanaryStatus {
  const { verdict } = pass.seen;
  const { pendingCheck } = status;
  if (verdict === undefined || pendingCheck === undefined || !isAnalysing(status.phase)) return status;
  if (verdict.run !== pendingCheck.run || verdict.check !== pendingCheck.check) return status;
  if (pendingCheck.specHash !== pass.spec.specHash) return status;
  const { pendingCheck: _answered, hold: reason, ...rest } = status;
  // A gate that waits goes on waiting: only its own answer opens it.
  const atGate = reason !== undefined && status.waitingFor !== undefined && verdict.result === "pass";
  const remembered = { ...rest, canaryAnalysis: remember(status, verdict), ...(atGate ? { hold: reason } : {}) };
  switch (verdict.result) {
    case "pass":
      return analysisPassed(pass, remembered, verdict.check);
    case "fail":
      return failedVerdict(pass, remembered, verdict);
    case "unknown":
      return unknownVerdict(pass, remembered, verdict);
  }
}

/** A whole analysis passed: what makes a promotion of this revision lawful. */
export function analysisPassed(pass: Pass, status: CanaryStatus, check: number): CanaryStatus {
  const { unknownChecks: _none, tick, ...rest } = status;
  const passed: CanaryStatus = {
    ...rest,
    failedChecks: pass.spec.failurePolicy === "consecutive" ? 0 : status.failedChecks,
    lastPass: {
      run: status.run ?? 0,
      check,
      revision: status.targetRevision ?? "",
      at: momentFromMs(pass.seen.now),
    },
    ...(tick === undefined ? {} : { tick: { ...tick, result: "pass" } }),
  };
  return clearUnknown(pass, passed);
}

/** One more failed check; the tick ends without a step. */
export function checkFailed(pass: Pass, status: CanaryStatus): CanaryStatus {
  const counted = {
    ...status,
    failedChecks: status.failedChecks + 1,
    lastTransitionTime: momentFromMs(pass.seen.now),
  };
  return finishTick(pass, counted, "fail");
}

function failedVerdict(pass: Pass, status: CanaryStatus, verdict: VerdictSeen): CanaryStatus {
  const { unknownChecks: _none, ...rest } = status;
  const failures = verdict.metrics.filter((metric) => metric.result === "fail");
  const told = failures.reduce<CanaryStatus>(
    (next, metric) => warn(pass, next, metric.message ?? `Halt advancement metric ${metric.name} failed`),
    clearUnknown(pass, rest),
  );
  return checkFailed(pass, told);
}

const hints: Readonly<Record<UnknownReason, string>> = {
  "no-data": "send traffic to the canary, by a load test hook for instance, and see that the query selects its pods",
  unreachable: "see that the metrics server answers to metrics-analyzer",
  invalid: "correct what the message names: the next check uses it",
};

/** Moves no counter, no weight and no iteration; after enough of them in a row a person is told once. */
function unknownVerdict(pass: Pass, status: CanaryStatus, verdict: VerdictSeen): CanaryStatus {
  const unknownChecks = (status.unknownChecks ?? 0) + 1;
  const metric = verdict.metrics.find(({ result }) => result === "unknown");
  const reason = metric?.message ?? "no data for the check";
  const held = withHold(
    pass,
    { ...status, unknownChecks },
    { message: reason, hint: hints[metric?.reason ?? "no-data"] },
  );
  const counted = finishTick(pass, held, "unknown");
  if (unknownChecks === pass.spec.unknownThreshold) {
    const message = `Canary analysis is unknown after ${unknownChecks} checks without data: ${reason}`;
    const known = withCondition(
      counted,
      { type: "AnalysisUnknown", status: "True", reason: "NoData", message },
      pass.seen.now,
    );
    return warn(pass, known, message, { alert: { severity: "warn", message } });
  }
  return unknownChecks === 1 ? warn(pass, counted, reason) : counted;
}

function clearUnknown(pass: Pass, status: CanaryStatus): CanaryStatus {
  if (status.conditions?.find((c) => c.type === "AnalysisUnknown")?.status !== "True") return status;
  return withCondition(
    status,
    { type: "AnalysisUnknown", status: "False", reason: "DataReturned", message: "The analysis has data." },
    pass.seen.now,
  );
}

function remember(status: CanaryStatus, verdict: VerdictSeen): FinishedCheck[] {
  const finished: FinishedCheck = {
    run: verdict.run,
    check: verdict.check,
    result: verdict.result,
    weight: status.canaryWeight,
    iteration: status.iterations,
    at: momentFromMs(verdict.at),
    metrics: verdict.metrics.map((metric) => ({ ...metric })),
  };
  return [...(status.canaryAnalysis ?? []), finished].slice(-maxFinishedChecks);
}
