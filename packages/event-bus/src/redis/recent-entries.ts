import { type Logger, messageOf } from "@burgee/service-kit";
import type { Redis } from "ioredis";
import { type PublishCall, runPublishScript } from "./publish-script.ts";

interface Recent {
  readonly call: PublishCall;
  readonly until: number;
}

const maxEntries = 1_000;
/** A check that is older is asked again by who waits for its answer. */
const checkMs = 30_000;

/**
 * What Redis took lately, given to it once more after every reconnection: it may have come back without its memory, or without
 * the last second of it. A Redis that still has an entry recognises its id; a check asked again is answered again.
 */
export class RecentEntries {
  readonly #client: Redis;
  readonly #log: Logger;
  /** By stream and id, in the order of their acceptance. */
  readonly #recent = new Map<string, Recent>();

  constructor(client: Redis, log: Logger) {
    this.#client = client;
    this.#log = log;
    let connections = 0;
    client.on("ready", () => {
      if (connections++ > 0) void this.#giveAgain();
    });
  }

  /** Half the window, so that an id that is given again is still known. */
  add(id: string, call: PublishCall): void {
    const key = `${call.streamKey} ${id}`;
    this.#recent.delete(key);
    this.#recent.set(key, { call, until: performance.now() + (call.windowMs > 0 ? call.windowMs / 2 : checkMs) });
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > maxEntries && oldest !== undefined) this.#recent.delete(oldest);
  }

  async #giveAgain(): Promise<void> {
    const now = performance.now();
    for (const [key, { until }] of this.#recent) if (until <= now) this.#recent.delete(key);
    const calls = [...this.#recent.values()].map(({ call }) => call);
    const outcomes = await Promise.allSettled(
      calls.map(async (call) => ({ call, result: await runPublishScript(this.#client, call) })),
    );
    const given = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const lost = given.filter(({ call, result }) => call.windowMs > 0 && result === "accepted");
    if (lost.length > 0)
      this.#log.warn({ entries: lost.length }, "Redis came back without entries, which it was given again");
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    // The connection went once more, or the stream is full: the next one brings them.
    if (failed) this.#log.debug({ err: messageOf(failed.reason) }, "entries not given again");
  }
}
