import type { Observation } from "../observation.ts";
import type { CanaryStatus } from "../status.ts";

/** Forgets the notices that were delivered. */
export function takeDeliveries(
  { seen }: { readonly seen: Pick<Observation, "announced"> },
  status: CanaryStatus,
): CanaryStatus {
  if (status.announcements === undefined) return status;
  const left = status.announcements.filter((notice) => !seen.announced.includes(notice.id));
  if (left.length === status.announcements.length) return status;
  const { announcements: _told, ...rest } = status;
  return left.length === 0 ? rest : { ...rest, announcements: left };
}
