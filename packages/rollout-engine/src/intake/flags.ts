import { conditionIsTrue, withCondition } from "../condition.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

const type = "FlagMissing";

/** Says which flag or variant of the spec is not there, and takes it back when all of them are. */
export function takeFlags({ seen }: Pass, status: CanaryStatus): CanaryStatus {
  const messages = (seen.flags?.unresolved ?? []).map(({ message }) => message);
  if (messages.length > 0) {
    const missing = { type, status: "True", reason: "Missing", message: messages.join("; ") } as const;
    return withCondition(status, missing, seen.now);
  }
  if (!conditionIsTrue(status, type)) return status;
  const found = { type, status: "False", reason: "Found", message: "The flags and their variants are there." } as const;
  return withCondition(status, found, seen.now);
}
