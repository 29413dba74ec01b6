import type { EventBus } from "@burgee/event-bus";
import type { Logger } from "@burgee/service-kit";
import {
  matches,
  type TimelineEntry,
  type TimelineFilter,
  type TimelineStream,
  timelineEntry,
  timelineStreams,
} from "./timeline-entry.ts";

/** An entry and where it was found, so that a reader can go on from there. */
export interface PlacedEntry {
  stream: TimelineStream;
  offset: string;
  entry: TimelineEntry;
}

const pageSize = 200;

/** The newest entries that match, newest first. Looks at no more than `scanLimit` entries of each stream. */
export async function readTimeline(
  bus: EventBus,
  o: { filter: TimelineFilter; limit: number; scanLimit: number; log: Logger },
): Promise<TimelineEntry[]> {
  const perStream = await Promise.all(
    timelineStreams.map(async (stream) => {
      const found: TimelineEntry[] = [];
      for await (const { entry } of newestFirst(bus, { stream, scanLimit: o.scanLimit, log: o.log })) {
        if (entry !== undefined && matches(entry, o.filter)) found.push(entry);
        if (found.length >= o.limit) break;
      }
      return found;
    }),
  );
  return perStream
    .flat()
    .toSorted((a, b) => (b.at ?? "").localeCompare(a.at ?? ""))
    .slice(0, o.limit);
}

/** What came after the offset, oldest first; `complete` is false when the offset was not found any more. */
export async function entriesSince(
  bus: EventBus,
  o: { stream: TimelineStream; offset: string; scanLimit: number; log: Logger },
): Promise<{ entries: PlacedEntry[]; complete: boolean }> {
  const entries: PlacedEntry[] = [];
  for await (const { offset, entry } of newestFirst(bus, o)) {
    if (offset === o.offset) return { entries: entries.toReversed(), complete: true };
    if (entry !== undefined) entries.push({ stream: o.stream, offset, entry });
  }
  // An empty offset means that the stream was empty then: everything in it is new.
  return { entries: entries.toReversed(), complete: o.offset === "" && entries.length < o.scanLimit };
}

/** The offset of the newest entry, or "" of an empty stream. */
export async function newestOffset(bus: EventBus, stream: TimelineStream): Promise<string> {
  const [newest] = await bus.read(stream, { count: 1 });
  return newest?.offset ?? "";
}

async function* newestFirst(
  bus: EventBus,
  o: { stream: TimelineStream; scanLimit: number; log: Logger },
): AsyncGenerator<{ offset: string; entry: TimelineEntry | undefined }> {
  let before: string | undefined;
  for (let seen = 0; seen < o.scanLimit; ) {
    const count = Math.min(pageSize, o.scanLimit - seen);
    const page = await bus.read(o.stream, { count, ...(before !== undefined && { before }) });
    for (const delivery of page) {
      yield { offset: delivery.offset, entry: readEntry(o.stream, { delivery, log: o.log }) };
    }
    seen += page.length;
    before = page.at(-1)?.offset;
    if (page.length < count) return;
  }
}

/** A payload that nobody can read is left out: one bad entry must not hide the others. */
export function readEntry(
  stream: TimelineStream,
  o: { delivery: Parameters<typeof timelineEntry>[1]; log: Logger },
): TimelineEntry | undefined {
  try {
    return timelineEntry(stream, o.delivery);
  } catch (err) {
    o.log.warn({ stream, offset: o.delivery.offset, err }, "timeline entry cannot be read");
    return undefined;
  }
}
