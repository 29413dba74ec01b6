import { conditionIsTrue, withCondition } from "../condition.ts";
import { say } from "../notice.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

/** Says that the event bus is back; that it is away is said by the rule that holds because of it. */
export function takeBusState(pass: Pass, status: CanaryStatus): CanaryStatus {
  if (pass.seen.bus === "down" || !conditionIsTrue(status, "BusUnavailable")) return status;
  const message = "The event bus is available again.";
  const { hold: _reason, ...rest } = status;
  const known = withCondition(
    rest,
    { type: "BusUnavailable", status: "False", reason: "Available", message },
    pass.seen.now,
  );
  return say(pass, known, message);
}
