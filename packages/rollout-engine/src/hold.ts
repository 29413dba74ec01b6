import { momentFromMs } from "./moment.ts";
import { say, warn } from "./notice.ts";
import type { Pass, Step } from "./pass.ts";
import type { CanaryStatus } from "./status.ts";

/** How often a state that only the outside can change is looked at again when no watch tells. */
export const holdRecheckMs = 10_000;

/**
 * Nothing moves, and why. The reason is an event when it is a new one: upstream repeats it every tick, we do not.
 * `quiet` records the reason without an event.
 */
export function hold(
  pass: Pass,
  message: string,
  options: {
    readonly as?: "Normal" | "Warning" | "quiet";
    readonly status?: CanaryStatus;
    readonly recheckAfterMs?: number;
  } = {},
): Step {
  const status = options.status ?? pass.status;
  const old = pass.before.hold;
  const known = old?.message === message;
  const held: CanaryStatus = {
    ...status,
    hold: { rule: "", message, since: known ? old.since : momentFromMs(pass.seen.now) },
  };
  const recheckAfterMs = options.recheckAfterMs ?? Math.min(holdRecheckMs, pass.spec.intervalMs);
  if (known || options.as === "quiet") return { status: held, recheckAfterMs };
  const told = options.as === "Normal" ? say(pass, held, message) : warn(pass, held, message);
  return { status: told, recheckAfterMs };
}
