import { Command, type Redis } from "ioredis";
import type { Delivery } from "../bus.ts";
import { compareOffsets, decodeEntry, encodeFields, entriesOfRead, mapOf } from "./entry-codec.ts";

export interface GroupOfStream {
  readonly client: Redis;
  readonly streamKey: string;
  readonly deadKey: string;
  readonly deadLength: number;
  readonly group: string;
  readonly consumer: string;
}

/** A consumer without entries in hand that was not heard of for so long is taken off the list. */
const forgottenAfterMs = 3_600_000;

/** Makes the group, from the oldest kept entry on, unless it is there. */
export async function ensureGroup(g: GroupOfStream): Promise<void> {
  try {
    await g.client.xgroup("CREATE", g.streamKey, g.group, "0", "MKSTREAM");
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("BUSYGROUP")) throw error;
  }
}

/** Takes over what consumers left untouched for `idleMs`. */
export async function claimIdle(g: GroupOfStream, o: { idleMs: number; count: number }): Promise<Delivery[]> {
  const { streamKey, group, consumer } = g;
  // ioredis has no xautoclaimBuffer, and its callBuffer loses the name of the command when it pipelines on its own.
  const args = [streamKey, group, consumer, o.idleMs, "0-0", "COUNT", o.count];
  const reply: unknown = await g.client.sendCommand(new Command("XAUTOCLAIM", args, { replyEncoding: null }));
  return withAttempts(g, entriesIn(Array.isArray(reply) ? reply[1] : undefined));
}

/** What the group has noted as given to this consumer and is not in hand. */
export async function ownPending(
  g: GroupOfStream,
  o: { batch: number; isInHand: (offset: string) => boolean },
): Promise<Delivery[]> {
  const { streamKey, group, consumer } = g;
  const lost: Delivery[] = [];
  for (let after: string | undefined = "0-0"; after !== undefined; ) {
    const reply = g.client.xreadgroupBuffer("GROUP", group, consumer, "COUNT", o.batch, "STREAMS", streamKey, after);
    const entries = entriesIn(entriesOfRead(await reply));
    // Looked at before anything else is awaited: an acknowledgement that is under way lets go of its entries right after.
    const missing = entries.filter(({ offset }) => !o.isInHand(offset));
    lost.push(...(await withAttempts(g, missing)));
    after = entries.at(-1)?.offset;
  }
  return lost;
}

function entriesIn(raw: unknown): Delivery[] {
  return (Array.isArray(raw) ? raw : []).flatMap((entry) => decodeEntry(entry, 1) ?? []);
}

/** Redis counts a delivery but does not tell the count with it. */
async function withAttempts(g: GroupOfStream, deliveries: readonly Delivery[]): Promise<Delivery[]> {
  const [first] = deliveries;
  const last = deliveries.at(-1);
  if (first === undefined || last === undefined) return [];
  const { streamKey, group, consumer } = g;
  // Entries in hand may lie between the first and the last.
  const pending: unknown = await g.client.xpending(streamKey, group, first.offset, last.offset, 10_000, consumer);
  const attempts = new Map<string, number>();
  for (const row of Array.isArray(pending) ? pending : []) {
    if (Array.isArray(row)) attempts.set(String(row[0]), Number(row[3]));
  }
  return deliveries.map((delivery) => ({ ...delivery, attempt: attempts.get(delivery.offset) ?? delivery.attempt }));
}

/** Says that the group is done with these. */
export async function acknowledge(g: GroupOfStream, offsets: readonly string[]): Promise<void> {
  await g.client.xack(g.streamKey, g.group, ...offsets);
}

/** Adds it to the dead letters and acknowledges it in one transaction. */
export async function bury(g: GroupOfStream, delivery: Delivery, failure: string): Promise<void> {
  const fields = [...encodeFields({ ...delivery, failure }), "attempt", String(delivery.attempt)];
  const replies = await g.client
    .multi()
    .xadd(g.deadKey, "MAXLEN", "~", g.deadLength, "*", ...fields)
    .xack(g.streamKey, g.group, delivery.offset)
    .exec();
  for (const [error] of replies ?? []) if (error) throw error;
}

/** Starts the idle time again, as of now or as of `idleMs` ago, and records the attempts. */
export async function touch(g: GroupOfStream, deliveries: readonly Delivery[], idleMs = 0): Promise<void> {
  const byAttempt = Map.groupBy(deliveries, ({ attempt }) => attempt);
  await Promise.all(
    [...byAttempt].map(([attempt, same]) =>
      g.client.xclaim(
        g.streamKey,
        g.group,
        g.consumer,
        0,
        ...same.map(({ offset }) => offset),
        "IDLE",
        idleMs,
        "RETRYCOUNT",
        attempt,
        "JUSTID",
      ),
    ),
  );
}

/** Forgets this consumer if it has nothing in hand, and others that are long gone. */
export async function forgetIdleConsumers(g: GroupOfStream, o: { self: boolean }): Promise<void> {
  const consumers: unknown = await g.client.xinfo("CONSUMERS", g.streamKey, g.group);
  for (const row of Array.isArray(consumers) ? consumers : []) {
    const consumer = mapOf(row);
    const name = String(consumer.get("name"));
    const gone = name === g.consumer ? o.self : Number(consumer.get("idle")) > forgottenAfterMs;
    if (gone && Number(consumer.get("pending")) === 0) await g.client.xgroup("DELCONSUMER", g.streamKey, g.group, name);
  }
}

/** Undelivered and pending entries; all of them for a group that is yet to come. */
export async function groupLag(client: Redis, streamKey: string, group: string): Promise<number> {
  const groups: unknown = await client.xinfo("GROUPS", streamKey).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes("no such key")) return [];
    throw error;
  });
  const found = (Array.isArray(groups) ? groups : []).map(mapOf).find((row) => String(row.get("name")) === group);
  if (found === undefined) return client.xlen(streamKey);
  const pending = Number(found.get("pending"));
  const lag = found.get("lag");
  if (typeof lag === "number") return pending + lag;
  // Redis does not know after entries were deleted from the middle: count.
  const rest = await client.xrange(streamKey, `(${String(found.get("last-delivered-id"))}`, "+", "COUNT", 100_000);
  return pending + rest.length;
}

/** The newest offset the stream ever gave, `0-0` when there is no such stream. */
export async function lastOffset(client: Redis, streamKey: string): Promise<string> {
  try {
    return String(mapOf(await client.xinfo("STREAM", streamKey)).get("last-generated-id") ?? "0-0");
  } catch (error) {
    if (error instanceof Error && error.message.includes("no such key")) return "0-0";
    throw error;
  }
}

/** Where to read on: at the cursor, or from the start when the offsets of the stream began again below it. */
export async function validCursor(client: Redis, streamKey: string, cursor: string): Promise<string> {
  return compareOffsets(await lastOffset(client, streamKey), cursor) < 0 ? "0-0" : cursor;
}
