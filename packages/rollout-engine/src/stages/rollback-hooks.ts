import { hooksOf, nextHook } from "../hook-sequence.ts";
import { say, warn } from "../notice.ts";
import type { Pass } from "../pass.ts";
import { beginRollback } from "../rollback.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryText } from "../texts.ts";
import type { StageResult } from "./stage.ts";

/** Asks each rollback hook whether to roll back: one that passes says yes. */
export function rollbackHooks(pass: Pass, status: CanaryStatus): StageResult {
  if (status.tick?.result !== undefined) return { next: status };
  const turn = nextHook(pass, status, hooksOf(pass.spec, "rollback"));
  switch (turn.kind) {
    case "done":
      return { next: status };
    case "awaited":
      return { stop: { status: turn.status } };
    case "answered": {
      if (!turn.ok) return rollbackHooks(pass, noSignal(pass, turn.status, turn.hook.name));
      const told = warn(pass, turn.status, `Rollback check ${turn.hook.name} passed`);
      const message = `Rolling back ${canaryText(pass.spec)} manual webhook invoked`;
      const alert = { severity: "warn", message: "Rolling back manual webhook invoked" } as const;
      return { stop: beginRollback(pass, { cause: "hook", message, alert }, told) };
    }
  }
}

/** Upstream says this every tick; once a run is enough for a reader. */
function noSignal(pass: Pass, status: CanaryStatus, hook: string): CanaryStatus {
  if ((status.tick?.number ?? 0) > 1) return status;
  return say(pass, status, `Rollback hook ${hook} not signaling a rollback`);
}
