import { conditionIsTrue, withCondition } from "../condition.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

const type = "FlagMissing";

/** Says which flag of the spec cannot be switched and why, and takes it back when all of them can. */
export function takeFlags({ seen }: Pass, status: CanaryStatus): CanaryStatus {
  const problems = seen.flags?.unresolved ?? [];
  const [first] = problems;
  if (first !== undefined) {
    const message = problems.map((problem) => problem.message).join("; ");
    return withCondition(status, { type, status: "True", reason: first.reason, message }, seen.now);
  }
  if (!conditionIsTrue(status, type)) return status;
  const found = { type, status: "False", reason: "Found", message: "The flags and their variants are there." } as const;
  return withCondition(status, found, seen.now);
}
