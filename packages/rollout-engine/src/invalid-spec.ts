import { outstandingNotices } from "./announce.ts";
import { withCondition } from "./condition.ts";
import type { Decision } from "./decision.ts";
import { takeDeliveries } from "./intake/deliveries.ts";
import { warn } from "./notice.ts";
import type { Observation } from "./observation.ts";
import { withReadiness } from "./readiness.ts";
import { same } from "./same.ts";
import { problemText, type SpecProblem } from "./spec/problem.ts";
import type { CanaryStatus } from "./status.ts";

const rule = "reportInvalidSpec";

/**
 * The decision for a Canary that cannot be read: a condition and an event with every problem, and nothing else. What was
 * serving goes on serving, a run under way stands still.
 */
export function reportInvalidSpec(
  canary: { readonly uid: string; readonly generation?: number; readonly problems: readonly SpecProblem[] },
  status: CanaryStatus,
  seen: Pick<Observation, "now" | "announced">,
): Decision {
  const message = canary.problems.map(problemText).join("; ");
  const known = status.conditions?.find((c) => c.type === "InvalidSpec");
  const taken = takeDeliveries({ seen }, status);
  const told = known?.status === "True" && known.message === message;
  const said = told ? taken : reported(canary.uid, taken, { message, now: seen.now });
  const { generation } = canary;
  const seenNow = generation === undefined ? said : { ...said, observedGeneration: generation };
  const next = withReadiness(seenNow, seen.now);
  const recorded = !same(next, status);
  return {
    rule,
    effects: [],
    status: recorded ? next : status,
    announce: outstandingNotices(next, new Set(seen.announced)),
    ...(recorded ? { recheckAfterMs: 0 } : {}),
  };
}

function reported(uid: string, status: CanaryStatus, problem: { message: string; now: number }): CanaryStatus {
  const { message, now } = problem;
  const condition = { type: "InvalidSpec", status: "True", reason: "Invalid", message } as const;
  const speaker = { spec: { uid, dryRun: false }, seen: { now } };
  const noticed = warn(speaker, withCondition(status, condition, now), `Invalid canary: ${message}`);
  const announcements = noticed.announcements?.map((notice) => (notice.rule === "" ? { ...notice, rule } : notice));
  return announcements === undefined ? noticed : { ...noticed, announcements };
}
