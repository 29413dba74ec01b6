import { momentFromMs } from "./moment.ts";
import { withReadiness } from "./readiness.ts";
import type { CanaryStatus } from "./status.ts";

/** What keeps the controller from acting, and what a person can do about it; the next decision that is made takes it back. */
export function reportObstacle(
  status: CanaryStatus,
  obstacle: { readonly message: string; readonly hint: string },
  now: number,
): CanaryStatus {
  const old = status.hold;
  const since = old?.message === obstacle.message ? old.since : momentFromMs(now);
  return withReadiness({ ...status, hold: { rule: "act", ...obstacle, since } }, now);
}
