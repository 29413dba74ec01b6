import { type TimelineStream, timelineStreams } from "./timeline-entry.ts";

/** The last offset seen of each stream: what an event's `id` says, and `Last-Event-ID` brings back. */
export type Cursor = Record<TimelineStream, string>;

/** The `id` of an event; `parseCursor` reads it again. */
export function formatCursor(cursor: Cursor): string {
  return timelineStreams.map((stream) => encodeURIComponent(cursor[stream])).join(",");
}

/** Undefined for an id that is not ours. */
export function parseCursor(id: string | undefined): Cursor | undefined {
  const parts = id?.split(",");
  if (parts?.length !== timelineStreams.length || !parts.every((part) => /^[\w.~-]*$/.test(part))) return undefined;
  const offsets = parts.map(decodeURIComponent);
  const [rollout = "", flags = "", alerts = ""] = offsets;
  return { "rollout.events": rollout, "flag.events": flags, alerts };
}
