import { describe, expect, test } from "vitest";
import type { Effect } from "../decision.ts";
import type { Rule } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";
import { type Given, passWith } from "./pass-with.ts";

/** A row of a rule's table: what is given, and what the rule does about it. */
export interface RuleCase extends Given {
  /** The rule leaves the pass to the others. */
  readonly silent?: true;
  /** Effects as text: `setRoutes 100/0`, `scaleTargetUp`, `promote v2`. */
  readonly effects?: readonly string[];
  /** Parts of the status that it records. */
  readonly records?: Partial<CanaryStatus>;
  /** Fields that it takes out of the status. */
  readonly forgets?: readonly (keyof CanaryStatus)[];
  /** Events that it tells, in order. */
  readonly tells?: readonly string[];
  /** Why it holds. */
  readonly holds?: string;
  readonly recheckAfterMs?: number;
}

/** Runs a table keyed by sentences against one rule. */
export function testRule(rule: Rule, cases: Readonly<Record<string, RuleCase>>): void {
  describe(rule.name, () => {
    for (const [sentence, given] of Object.entries(cases)) {
      test(sentence, () => {
        const step = rule.decide(passWith(given));
        if (given.silent) {
          expect(step).toBeUndefined();
          return;
        }
        expect(step).toBeDefined();
        expect((step?.effects ?? []).map(effectText)).toEqual(given.effects ?? []);
        if (given.records !== undefined) expect(step?.status).toMatchObject(given.records);
        for (const field of given.forgets ?? []) expect(step?.status?.[field], field).toBeUndefined();
        if (given.tells !== undefined) expect(step?.status?.announcements?.map((n) => n.message)).toEqual(given.tells);
        if (given.holds !== undefined) expect(step?.status?.hold?.message).toBe(given.holds);
        if (given.recheckAfterMs !== undefined) expect(step?.recheckAfterMs).toBe(given.recheckAfterMs);
      });
    }
  });
}

function effectText(effect: Effect): string {
  if (effect.kind === "reconcileFlags") {
    return [effect.kind, ...effect.flags.map((flag) => `${flag.stage} ${flag.variant} ${flag.name}`)].join(" ");
  }
  const { kind, ...rest }: { kind: string } & Record<string, unknown> = effect;
  if (kind === "setRoutes") return `setRoutes ${rest.primary}/${rest.canary}${rest.mirror === true ? " mirror" : ""}`;
  const details = [rest.release, rest.name, rest.id, rest.update === true ? "update" : undefined];
  return [kind, ...details.filter((detail) => detail !== undefined)].join(" ");
}
