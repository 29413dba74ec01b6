import { msUntilReask } from "../announce.ts";
import { hold } from "../hold.ts";
import { analysisPassed } from "../intake/verdict.ts";
import { momentFromMs } from "../moment.ts";
import type { Pass, Step } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";
import { isOpening } from "./opening.ts";
import type { StageResult } from "./stage.ts";

/** Asks the analyzer and waits for its answer. Without metrics the hooks that passed are the analysis. */
export function check(pass: Pass, status: CanaryStatus): StageResult {
  if (isOpening(status) || status.tick?.result === "pass") return { next: status };
  if (status.pendingCheck !== undefined) return { stop: awaitAnswer(pass, status, status.pendingCheck) };
  const number = (status.check ?? 0) + 1;
  const counted = { ...status, check: number };
  if (pass.spec.metrics.length === 0) return { next: analysisPassed(pass, counted, number) };
  const askedAt = momentFromMs(pass.seen.now);
  const pendingCheck = { run: status.run ?? 0, check: number, askedAt, specHash: pass.spec.specHash };
  return {
    stop: {
      status: { ...counted, pendingCheck },
      recheckAfterMs: msUntilReask(pass.spec, { ...counted, pendingCheck }, pass.seen.now) ?? 0,
    },
  };
}

/** Asks again, under the same id and for the same instant, what was not answered in time. */
function awaitAnswer(pass: Pass, status: CanaryStatus, pending: NonNullable<CanaryStatus["pendingCheck"]>): Step {
  const left = msUntilReask(pass.spec, status, pass.seen.now) ?? 0;
  if (left > 0) return { status, recheckAfterMs: left };
  const reaskedAt = momentFromMs(pass.seen.now);
  const asked: CanaryStatus = { ...status, pendingCheck: { ...pending, reaskedAt } };
  const message = `check ${pending.check} of run ${pending.run} was not answered by the metrics analyzer, asked again`;
  return hold(pass, message, {
    status: asked,
    recheckAfterMs: msUntilReask(pass.spec, asked, pass.seen.now) ?? 0,
    hint: "see that metrics-analyzer runs, and that both use the same --redis-url, --stream-prefix and --verdict-key",
  });
}
