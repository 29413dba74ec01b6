import type { ServerResponse } from "node:http";
import type { AdminContext } from "../admin-context.ts";
import { type Cursor, formatCursor } from "./cursor.ts";
import { matches, type TimelineFilter, timelineStreams } from "./timeline-entry.ts";
import { entriesSince, newestOffset, type PlacedEntry } from "./timeline-history.ts";

/** Entries looked at to fill the gap of a reader that was away. */
const scanLimit = 2000;
/** A reader that takes so little that this much waits for it is cut off; it comes back where it was. */
const maxWaitingBytes = 1_000_000;

/** What one reader gets, and from where on. */
export interface EventStreamOptions {
  context: Pick<AdminContext, "bus" | "live" | "log" | "heartbeatMs">;
  filter: TimelineFilter;
  /** Where the reader was; undefined for a new one. */
  cursor: Cursor | undefined;
}

/**
 * Writes the timeline as server-sent events until the reader goes away:
 * `entry` with a TimelineEntry, `reset` when entries between the reader's place and now are lost, `bus` when the streams go or come back.
 */
export async function sendEvents(response: ServerResponse, o: EventStreamOptions): Promise<void> {
  const { bus, live, heartbeatMs } = o.context;
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  // What is published while the gap is being filled waits here; an entry found in both is sent once.
  let waiting: PlacedEntry[] | undefined = [];
  const stopLive = live.onEntry((placed) => (waiting === undefined ? send(placed) : waiting.push(placed)));
  const stopBus = live.onBus((state) => write({ event: "bus", data: { state } }));
  const heartbeat = setInterval(() => response.write(": alive\n\n"), heartbeatMs);
  const cursor = o.cursor ?? { "rollout.events": "", "flag.events": "", alerts: "" };

  function write({ id, event, data }: { id?: string; event: string; data: object }): void {
    if (response.writableLength > maxWaitingBytes) response.destroy();
    else response.write(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function send({ stream, offset, entry }: PlacedEntry): void {
    cursor[stream] = offset;
    if (matches(entry, o.filter)) write({ id: formatCursor(cursor), event: "entry", data: entry });
  }

  try {
    response.write(": hello\n\n");
    if (bus.state() === "down") write({ event: "bus", data: { state: "down" } });
    await Promise.race([live.ready(), closed]);
    const missed = await catchUp(o, cursor);
    if (missed.lost) write({ event: "reset", data: {} });
    const known = new Set(missed.entries.map(placeOf));
    for (const placed of [...missed.entries, ...waiting.filter((p) => !known.has(placeOf(p)))]) send(placed);
    waiting = undefined;
    response.write(": live\n\n");
    await closed;
  } finally {
    clearInterval(heartbeat);
    stopLive();
    stopBus();
    response.end();
  }
}

const placeOf = ({ stream, offset }: PlacedEntry) => `${stream} ${offset}`;

/** What the reader has missed, in order of time. A new reader has missed nothing; its cursor is set to now. */
async function catchUp(o: EventStreamOptions, cursor: Cursor): Promise<{ entries: PlacedEntry[]; lost: boolean }> {
  const { bus, log } = o.context;
  try {
    if (o.cursor === undefined) {
      for (const stream of timelineStreams) cursor[stream] = await newestOffset(bus, stream);
      return { entries: [], lost: false };
    }
    const parts = await Promise.all(
      timelineStreams.map((stream) => entriesSince(bus, { stream, offset: cursor[stream], scanLimit, log })),
    );
    const entries = parts
      .flatMap((part) => part.entries)
      .toSorted((a, b) => (a.entry.at ?? "").localeCompare(b.entry.at ?? ""));
    return { entries, lost: parts.some((part) => !part.complete) };
  } catch (err) {
    // The streams are away: the reader is told to look again at everything, and gets what comes when they are back.
    log.warn({ err }, "event stream could not catch up");
    return { entries: [], lost: true };
  }
}
