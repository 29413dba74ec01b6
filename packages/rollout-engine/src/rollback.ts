import { momentFromMs } from "./moment.ts";
import { warn } from "./notice.ts";
import type { Pass, Step } from "./pass.ts";
import type { CanaryStatus, Severity } from "./status.ts";
import { finishTick, tickIsOpen } from "./tick.ts";

export interface RollbackReason {
  readonly cause:
    | "failed-checks"
    | "unknown-checks"
    | "hook"
    | "deadline"
    | "reverted"
    | "target-missing"
    | "dependency";
  /** The Warning event. */
  readonly message: string;
  readonly alert?: { readonly severity: Severity; readonly message: string };
}

/** Records that the run is to be rolled back. From here on only the rollback itself can happen to it. */
export function beginRollback(pass: Pass, reason: RollbackReason, status: CanaryStatus = pass.status): Step {
  const { pendingCheck: _check, pendingHook: _hook, ...rest } = status;
  const ended = tickIsOpen(rest) ? finishTick(pass, rest) : rest;
  const told = warn(pass, ended, reason.message, reason.alert === undefined ? {} : { alert: reason.alert });
  const at = momentFromMs(pass.seen.now);
  return { status: { ...told, rollback: { cause: reason.cause, message: reason.message, at } } };
}
