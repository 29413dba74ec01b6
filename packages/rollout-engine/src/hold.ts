import { momentFromMs } from "./moment.ts";
import { say, warn } from "./notice.ts";
import type { Pass, Step } from "./pass.ts";
import type { Gate, HookSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";
import { canaryText } from "./texts.ts";

/** How often a state that only the outside can change is looked at again when no watch tells. */
export const holdRecheckMs = 10_000;

/** Why nothing moves, and what a person can do about it. */
interface Reason {
  readonly message: string;
  readonly hint?: string | undefined;
}

/**
 * Nothing moves, and why. The reason is an event when it is a new one: upstream repeats it every tick, we do not. What a
 * person can do (`hint`) is in the status only.
 */
export function hold(
  pass: Pass,
  message: string,
  options: {
    readonly as?: "Normal" | "Warning";
    readonly status?: CanaryStatus;
    readonly recheckAfterMs?: number;
    readonly hint?: string | undefined;
  } = {},
): Step {
  const held = withHold(pass, options.status ?? pass.status, { message, hint: options.hint });
  const recheckAfterMs = options.recheckAfterMs ?? Math.min(holdRecheckMs, pass.spec.intervalMs);
  if (pass.before.hold?.message === message) return { status: held, recheckAfterMs };
  const told = options.as === "Normal" ? say(pass, held, message) : warn(pass, held, message);
  return { status: told, recheckAfterMs };
}

/** Records the reason for what was told otherwise. */
export function withHold(pass: Pass, status: CanaryStatus, { message, hint }: Reason): CanaryStatus {
  const old = pass.before.hold;
  const since = old?.message === message ? old.since : momentFromMs(pass.seen.now);
  return { ...status, hold: { rule: "", message, since, ...(hint === undefined ? {} : { hint }) } };
}

/** The target's autoscaler is not there: what the primary's is to be made from is not known. */
export function holdForAutoscaler(pass: Pass, missing = `autoscaler of ${canaryText(pass.spec)} not found`): Step {
  return hold(pass, missing, { hint: "create it, or correct spec.autoscalerRef" });
}

/** Records that a gate is closed; the event is told when it is found so. */
export function holdAtGate(
  pass: Pass,
  status: CanaryStatus,
  closed: Reason & { gate: Gate; hook: HookSpec },
): CanaryStatus {
  const { message, gate, hook } = closed;
  const { intervalMs } = pass.spec;
  const every = intervalMs < 1000 ? `${intervalMs}ms` : `${Math.round(intervalMs / 1000)}s`;
  const hint = `the hook ${hook.name} is asked again every ${every}; the action approve opens ${gate}`;
  return withHold(pass, status, { message, hint });
}
