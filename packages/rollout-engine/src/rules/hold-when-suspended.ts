import { holdRecheckMs, hold } from "../hold.ts";
import type { Rule } from "../pass.ts";

/** A suspended Canary is frozen as it stands: no repair, no analysis, no traffic. Only deletion goes on. */
export const holdWhenSuspended: Rule = {
  name: "holdWhenSuspended",
  decide(pass) {
    if (!pass.spec.suspend) return undefined;
    return hold(pass, "skipping canary run as object is suspended", {
      as: "Normal",
      recheckAfterMs: holdRecheckMs * 6,
      hint: "set spec.suspend to false",
    });
  },
};
