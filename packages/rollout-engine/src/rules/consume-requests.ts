import type { Effect } from "../decision.ts";
import { actionAnnotation } from "../intake/annotations.ts";
import type { Rule } from "../pass.ts";

/** Annotations whose wish is recorded are removed: recorded first, so that a crash between the two loses nothing. */
export const consumeRequests: Rule = {
  name: "consumeRequests",
  decide({ before, seen, status }) {
    const recorded = before.annotationsToRemove ?? [];
    const effects: Effect[] = recorded
      .filter((name) => status.annotationsToRemove?.includes(name))
      .map((name) => (name === actionAnnotation ? { kind: "consumeAction" } : { kind: "consumeAnnotation", name }));
    if (seen.action !== undefined && seen.action.id === before.lastAction?.id) {
      effects.push({ kind: "consumeAction", id: seen.action.id });
    }
    return effects.length === 0 ? undefined : { effects };
  },
};
