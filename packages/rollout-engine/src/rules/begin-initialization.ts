import type { Rule } from "../pass.ts";
import { enterPhase } from "../phase.ts";

/** A Canary that nobody has seen yet. */
export const beginInitialization: Rule = {
  name: "beginInitialization",
  decide(pass) {
    const { phase, conditions } = pass.status;
    if (phase !== "" && !(phase === "Initializing" && conditions === undefined)) return undefined;
    return { status: enterPhase(pass, pass.status, "Initializing") };
  },
};
