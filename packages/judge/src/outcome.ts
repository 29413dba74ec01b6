/** What one metric, or a whole check, says about the canary. `unknown` means that nothing was learned: it is no reason to advance and none to roll back. */
export type Outcome = "pass" | "fail" | "unknown";

/**
 * The outcome of a check: fails if any metric failed, else unknown if any is unknown, else passes.
 * A check without metrics passes.
 */
export function combineOutcomes(outcomes: Iterable<Outcome>): Outcome {
  let combined: Outcome = "pass";
  for (const outcome of outcomes) {
    if (outcome === "fail") return "fail";
    if (outcome === "unknown") combined = "unknown";
  }
  return combined;
}
