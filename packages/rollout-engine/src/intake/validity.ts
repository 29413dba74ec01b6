import { conditionIsTrue, withCondition } from "../condition.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

/** A spec that could be read is a valid one: the condition of an earlier mistake is taken back. */
export function takeValidity({ seen }: Pass, status: CanaryStatus): CanaryStatus {
  if (!conditionIsTrue(status, "InvalidSpec")) return status;
  return withCondition(
    status,
    { type: "InvalidSpec", status: "False", reason: "Valid", message: "The spec is valid." },
    seen.now,
  );
}
