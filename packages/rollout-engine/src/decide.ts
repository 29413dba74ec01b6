import { outstanding } from "./announce.ts";
import type { Decision } from "./decision.ts";
import { intake } from "./intake/intake.ts";
import type { Observation } from "./observation.ts";
import type { Pass, Step } from "./pass.ts";
import type { RolloutSpec } from "./rollout-spec.ts";
import { withReadiness } from "./readiness.ts";
import { rules } from "./rules/rules.ts";
import { same } from "./same.ts";
import type { CanaryStatus } from "./status.ts";

/** When only effects were made the world answers with a watch event; this is for the case that it does not. */
const effectsRecheckMs = 250;

/**
 * Decides the next step of one Canary. Pure: the same arguments give the same decision.
 *
 * ```
 * (new) → Initializing → Initialized ──┐            ┌────────── new revision: run + 1
 *                Succeeded, Failed ────┼─ changed ──┤
 *                                      │            ▼
 *            confirm-rollout closed: Waiting → Progressing ⇄ WaitingPromotion (confirm-promotion closed)
 *                                                   │  └──── rollback ────► Failed
 *                                                   ▼ analysis passed at the last step
 *                                               Promoting ── primary ready ─► Finalising ─► Succeeded
 *                                                   └──── primary never ready: canary serves, Failed
 * ```
 */
export function decide(spec: RolloutSpec, status: CanaryStatus, seen: Observation): Decision {
  const pass: Pass = { spec, before: status, ...intake(spec, status, seen) };
  for (const rule of rules) {
    const step = rule.decide(pass);
    if (step !== undefined) return decision(pass, rule.name, step);
  }
  return decision(pass, "rest", {});
}

function decision(pass: Pass, rule: string, step: Step): Decision {
  const effects = pass.spec.dryRun ? (step.effects ?? []).filter((e) => harmless.has(e.kind)) : (step.effects ?? []);
  const held = withoutStaleHold(pass, step.status ?? pass.status, rule);
  const status = withReadiness(stamped(held, rule, pass.spec.generation), pass.seen.now);
  const recorded = !same(status, pass.before);
  const soon = recorded ? 0 : effects.length > 0 ? effectsRecheckMs : undefined;
  const recheckAfterMs = step.recheckAfterMs ?? soon;
  return {
    rule,
    effects,
    status: recorded ? status : pass.before,
    announce: outstanding(pass, status),
    ...(recheckAfterMs === undefined ? {} : { recheckAfterMs }),
  };
}

/** Effects that a dry run makes too: they touch nothing but the Canary itself. */
const harmless: ReadonlySet<string> = new Set([
  "consumeAction",
  "consumeAnnotation",
  "addFinalizer",
  "removeFinalizer",
]);

/** A rule that held and now had its turn without a word no longer holds. */
function withoutStaleHold(pass: Pass, status: CanaryStatus, rule: string): CanaryStatus {
  const { hold, ...rest } = status;
  if (hold === undefined || hold !== pass.before.hold) return status;
  const decidedAt = rules.findIndex((r) => r.name === rule);
  const heldAt = rules.findIndex((r) => r.name === hold.rule);
  return decidedAt < 0 || heldAt < decidedAt ? rest : status;
}

/** Notices and holds learn here which rule made them. */
function stamped(status: CanaryStatus, rule: string, generation: number): CanaryStatus {
  const { announcements, hold } = status;
  return {
    ...status,
    observedGeneration: generation,
    ...(announcements === undefined
      ? {}
      : { announcements: announcements.map((notice) => (notice.rule === "" ? { ...notice, rule } : notice)) }),
    ...(hold === undefined || hold.rule !== "" ? {} : { hold: { ...hold, rule } }),
  };
}
