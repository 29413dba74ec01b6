import { backOffMs, type Logger, messageOf, redactText, sleep } from "@burgee/service-kit";
import type { Redis } from "ioredis";
import type { Subscription } from "../bus.ts";
import type { GroupWork } from "../group-work.ts";
import { blockMs, isGroupMissing, whenReady } from "./connection.ts";
import { decodeEntry, entriesOfRead } from "./entry-codec.ts";
import { claimIdle, ensureGroup, forgetIdleConsumers, type GroupOfStream, ownPending } from "./group-keys.ts";

/** What reads a group for one consumer. */
export interface ConsumerOptions {
  /** Its `client` is the shared writer. */
  readonly group: GroupOfStream;
  /** Blocks, so it is this consumer's own. */
  readonly reader: Redis;
  readonly work: GroupWork;
  readonly batch: number;
  readonly reclaimIdleMs: number;
  readonly log: Logger;
}

const unblockGraceMs = 1_000;

/** Reads new entries and takes over those of dead consumers, until stopped. Makes the group whenever it is missing. */
export function startConsumer(o: ConsumerOptions): Subscription {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ready = Promise.withResolvers<void>();

  const loop = (step: () => Promise<void>): Promise<void> => repeat(step, { signal, log: o.log, group: o.group });
  const reading = loop(async () => {
    await whenReady(o.reader, signal);
    await whenReady(o.group.client, signal);
    await ensureGroup(o.group);
    // What Redis handed to a connection that broke is this consumer's: nobody else would look at it before its idle time is over.
    o.work.add(await ownPending(o.group, { batch: o.batch, isInHand: (offset) => o.work.has(offset) }));
    ready.resolve();
    // The group is looked after once a connection; a lost one ends in the catch of `repeat`.
    while (!signal.aborted) {
      await o.work.settled();
      await o.work.room();
      if (signal.aborted) return;
      await readOnce(o);
    }
  });
  const reclaiming = loop(async () => {
    await whenReady(o.group.client, signal);
    await ready.promise;
    while (!signal.aborted) {
      await o.work.room();
      o.work.add(await claimIdle(o.group, { idleMs: o.reclaimIdleMs, count: o.batch }));
      await forgetIdleConsumers(o.group, { self: false });
      await sleep(o.reclaimIdleMs / 2, signal);
    }
  });

  return {
    ready: ready.promise,
    async stop() {
      stopping.abort(new Error("the subscription stops"));
      o.work.halt();
      // Waking the read on the server, not cutting it: an entry given to a cut connection would wait for its idle time.
      const woken = await Promise.race([
        Promise.all([unblock(o), reading]).then(() => true),
        sleep(unblockGraceMs).then(() => false),
      ]);
      await o.work.stop();
      o.reader.disconnect();
      ready.resolve();
      await Promise.all([reading, reclaiming]);
      // A read that had to be cut may still be given an entry, which would go with the consumer's name: that stays listed for now.
      if (!woken) return;
      await forgetIdleConsumers(o.group, { self: true }).catch((error: unknown) =>
        o.log.debug({ err: messageOf(error) }, "consumer stays listed"),
      );
    },
  };
}

async function readOnce({ reader, group, work, batch }: ConsumerOptions): Promise<void> {
  const { group: name, consumer, streamKey } = group;
  const reply = await reader.xreadgroupBuffer(
    "GROUP",
    name,
    consumer,
    "COUNT",
    batch,
    "BLOCK",
    blockMs,
    "STREAMS",
    streamKey,
    ">",
  );
  work.add(entriesOfRead(reply).flatMap((entry) => decodeEntry(entry, 1) ?? []));
}

async function unblock({ reader, group, log }: ConsumerOptions): Promise<void> {
  try {
    const id = await readerId(group.client, reader);
    if (id !== undefined) await group.client.client("UNBLOCK", id);
  } catch (error) {
    log.debug({ err: messageOf(error) }, "blocked read was not woken");
  }
}

/** The number of the reader's connection, found by its unique name: the reader itself is blocked and cannot be asked. */
async function readerId(writer: Redis, reader: Redis): Promise<string | undefined> {
  const name = reader.options.connectionName;
  const line = String(await writer.client("LIST"))
    .split("\n")
    .find((each) => each.includes(` name=${name} `));
  return /^id=(\d+)/.exec(line ?? "")?.[1];
}

interface RepeatOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly group: { readonly streamKey: string };
}

/** Runs the step again after every error, at once when only the group was missing. Ends with the signal. */
export async function repeat(step: () => Promise<void>, { signal, log, group }: RepeatOptions): Promise<void> {
  let said = "";
  for (let failures = 0; !signal.aborted; ) {
    const began = performance.now();
    try {
      await step();
    } catch (error) {
      if (signal.aborted) return;
      if (performance.now() - began > 10_000) failures = 0;
      const err = redactText(messageOf(error));
      // Lost connections are the writer's to tell; what Redis refuses (NOPERM, WRONGTYPE) needs a person, once.
      const refused = error instanceof Error && error.name === "ReplyError" && !isGroupMissing(error) && err !== said;
      if (refused) said = err;
      log[refused ? "error" : "debug"]({ stream: group.streamKey, err }, "stream read failed");
      if (isGroupMissing(error) && failures++ === 0) continue;
      await sleep(backOffMs(Math.max(1, failures++), { firstDelayMs: 20, maxDelayMs: 2_000 }), signal).catch(() => {});
    }
  }
}
