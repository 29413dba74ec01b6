import { type Logger, messageOf } from "@burgee/service-kit";
import type { Redis } from "ioredis";
import type { Delivery, FollowHandler, FollowOptions, Subscription } from "../bus.ts";
import { blockMs, whenReady } from "./connection.ts";
import { repeat } from "./consumer.ts";
import { decodeEntry, entriesOfRead } from "./entry-codec.ts";
import { lastOffset, validCursor } from "./group-keys.ts";

/** One follower of a stream. */
export interface FollowerOptions {
  readonly stream: string;
  readonly streamKey: string;
  /** Blocks, so it is this follower's own. */
  readonly reader: Redis;
  readonly handler: FollowHandler;
  readonly from: FollowOptions["from"];
  readonly log: Logger;
}

const batch = 100;

/** Hands every entry to the handler, one at a time, until stopped. */
export function startFollower(o: FollowerOptions): Subscription {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ready = Promise.withResolvers<void>();
  let known: string | undefined = o.from === "start" ? "0-0" : o.from === "now" ? undefined : o.from;

  const following = repeat(
    async () => {
      await whenReady(o.reader, signal);
      // "now" is fixed at the first contact, so that nothing is missed between two reads or connections.
      known ??= await lastOffset(o.reader, o.streamKey);
      ready.resolve();
      known = await validCursor(o.reader, o.streamKey, known);
      while (!signal.aborted) {
        const deliveries = await readAfter(o, known);
        // Nothing for a while may mean that the stream began again with lower offsets.
        if (deliveries.length === 0) known = await validCursor(o.reader, o.streamKey, known);
        for (const delivery of deliveries) {
          if (signal.aborted) return;
          known = delivery.offset;
          await hand(o, delivery);
        }
      }
    },
    { signal, log: o.log, group: o },
  );
  return {
    ready: ready.promise,
    async stop() {
      stopping.abort(new Error("the subscription stops"));
      o.reader.disconnect();
      ready.resolve();
      await following;
    },
  };
}

async function readAfter({ reader, streamKey }: FollowerOptions, offset: string): Promise<Delivery[]> {
  const reply: unknown = await reader.xreadBuffer("COUNT", batch, "BLOCK", blockMs, "STREAMS", streamKey, offset);
  return entriesOfRead(reply).flatMap((entry) => decodeEntry(entry, 1) ?? []);
}

async function hand({ handler, stream, log }: FollowerOptions, delivery: Delivery): Promise<void> {
  try {
    await handler(delivery);
  } catch (error) {
    log.warn({ stream, id: delivery.id, key: delivery.key, err: messageOf(error) }, "follower failed");
  }
}
