import { withCondition } from "./condition.ts";
import { hold } from "./hold.ts";
import type { Pass, Step } from "./pass.ts";
import type { CanaryStatus } from "./status.ts";

const message = "The event bus is unavailable: no canary advances and none is promoted until it is back.";

/** Nothing advances because the bus is away: a condition and an event say so. */
export function holdForBus(pass: Pass, status: CanaryStatus = pass.status): Step {
  const known = withCondition(
    status,
    { type: "BusUnavailable", status: "True", reason: "Unreachable", message },
    pass.seen.now,
  );
  return hold(pass, message, { status: known, hint: "bring Redis back: it goes on by itself" });
}
