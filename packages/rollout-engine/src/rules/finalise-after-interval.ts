import { hooksAfterRun, sayClosing, tickAfterRun } from "../after-run.ts";
import { type Pass, primaryCanServe, type Rule } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { scaleDownEffects } from "../scaling.ts";
import type { CanaryStatus } from "../status.ts";
import { skipAnnotation } from "../intake/annotations.ts";
import { msUntilTick } from "../tick.ts";

/** All traffic has been on the primary for an interval: the canary is scaled down and the revision is the promoted one. */
export const finaliseAfterInterval: Rule = {
  name: "finaliseAfterInterval",
  decide(pass) {
    if (pass.status.phase !== "Finalising" || !primaryCanServe(pass.seen)) return undefined;
    const wait = msUntilTick(pass, pass.status);
    if (wait > 0) return { recheckAfterMs: wait };
    return { effects: scaleDownEffects(pass), status: succeeded(pass) };
  },
};

function succeeded(pass: Pass): CanaryStatus {
  const { spec, seen, status } = pass;
  const closing = status.override?.action === "skip" ? "skipped" : "completed";
  const hooks = hooksAfterRun(spec, "promoted");
  const { override: _override, promotionFailed: _failed, opened: _opened, readySince: _ready, ...rest } = status;
  const remove = seen.annotations.skipAnalysis ? [...(rest.annotationsToRemove ?? []), skipAnnotation] : [];
  // A dry run promoted nothing: switched off, the revision must still count as one that was never promoted.
  const promoted = spec.dryRun
    ? {}
    : {
        ...(status.targetRevision === undefined ? {} : { lastPromotedSpec: status.targetRevision }),
        ...(status.trackedConfigs === undefined ? {} : { promotedConfigs: status.trackedConfigs }),
      };
  const entered = enterPhase(pass, tickAfterRun(pass, rest, hooks), "Succeeded", {
    canaryWeight: 0,
    iterations: 0,
    ...(status.targetRevision === undefined ? {} : { lastAppliedSpec: status.targetRevision }),
    ...promoted,
    ...(hooks.length === 0 ? {} : { afterRun: { hooks, closing } }),
    ...(remove.length === 0 ? {} : { annotationsToRemove: [...new Set(remove)] }),
  });
  return hooks.length === 0 ? sayClosing(pass, entered, closing) : entered;
}
