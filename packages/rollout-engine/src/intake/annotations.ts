import { momentFromMs } from "../moment.ts";
import { say, warn } from "../notice.ts";
import { type Pass, presentTarget } from "../pass.ts";
import { isAnalysing, isIdle } from "../phase.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryText } from "../texts.ts";

/** Makes the next run, or the one under way, skip the analysis. */
export const skipAnnotation = "flagger.app/skip-analysis";
/** Starts a run, or the one under way anew. */
export const resetAnnotation = "flagger.app/reset";

/** A person's decision, as JSON. */
export const actionAnnotation = "burgee.dev/action";

/** Records what the annotations of the documents ask for; they are removed once it is recorded. */
export function takeAnnotations(pass: Pass, status: CanaryStatus): CanaryStatus {
  return takeSkip(pass, takeReset(pass, takeUnreadable(pass, forgetRemoved(pass, status))));
}

function takeReset(pass: Pass, status: CanaryStatus): CanaryStatus {
  if (!pass.seen.annotations.reset || status.annotationsToRemove?.includes(resetAnnotation)) return status;
  if (!isAnalysing(status.phase) && !isIdle(status.phase)) return status;
  const actor = `annotation ${resetAnnotation}`;
  const asked: CanaryStatus = {
    ...status,
    startRequested: { actor, at: momentFromMs(pass.seen.now) },
    annotationsToRemove: [...(status.annotationsToRemove ?? []), resetAnnotation],
  };
  return say(pass, asked, `${actor} asked to restart ${canaryText(pass.spec)}`, { actor });
}

function takeUnreadable(pass: Pass, status: CanaryStatus): CanaryStatus {
  const problem = pass.seen.actionProblem;
  if (problem === undefined || status.annotationsToRemove?.includes(actionAnnotation)) return status;
  const known = { ...status, annotationsToRemove: [...(status.annotationsToRemove ?? []), actionAnnotation] };
  return warn(pass, known, `Ignored annotation ${actionAnnotation}: ${problem}`);
}

function takeSkip(pass: Pass, status: CanaryStatus): CanaryStatus {
  const target = presentTarget(pass.seen);
  if (!pass.seen.annotations.skipAnalysis || status.annotationsToRemove?.includes(skipAnnotation)) return status;
  if (target === undefined || !isAnalysing(status.phase) || status.override !== undefined) return status;
  if (target.revision !== status.targetRevision) return status;
  const actor = `annotation ${skipAnnotation}`;
  return { ...status, override: { action: "skip", revision: target.revision, actor, at: momentFromMs(pass.seen.now) } };
}

function forgetRemoved({ seen }: Pass, status: CanaryStatus): CanaryStatus {
  const { annotationsToRemove, ...rest } = status;
  if (annotationsToRemove === undefined) return status;
  const there: Readonly<Record<string, boolean>> = {
    [skipAnnotation]: seen.annotations.skipAnalysis,
    [resetAnnotation]: seen.annotations.reset,
    [actionAnnotation]: seen.actionProblem !== undefined,
  };
  const left = annotationsToRemove.filter((name) => there[name] === true);
  if (left.length === annotationsToRemove.length) return status;
  return left.length === 0 ? rest : { ...rest, annotationsToRemove: left };
}
