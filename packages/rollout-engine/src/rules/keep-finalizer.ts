import type { Rule } from "../pass.ts";

/** The finalizer is there exactly while revertOnDeletion is wanted. */
export const keepFinalizer: Rule = {
  name: "keepFinalizer",
  decide({ spec, seen }) {
    if (spec.revertOnDeletion === seen.finalizer) return undefined;
    return { effects: [{ kind: spec.revertOnDeletion ? "addFinalizer" : "removeFinalizer" }] };
  },
};
