import { holdForBus } from "../bus.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";
import { finishTick } from "../tick.ts";
import type { StageResult } from "./stage.ts";

/** With the bus away a tick ends here: the rollback hooks were asked, nothing advances. */
export function bus(pass: Pass, status: CanaryStatus): StageResult {
  if (pass.seen.bus === "up") return { next: status };
  const held = holdForBus(pass, status);
  // A check that is out stays out: its answer may still come, and it is asked again when the bus is back.
  if (status.pendingCheck !== undefined || held.status === undefined) return { stop: held };
  return { stop: { ...held, status: finishTick(pass, held.status) } };
}
