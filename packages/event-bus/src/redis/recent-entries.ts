import { type Logger, messageOf } from "@burgee/service-kit";
import type { Redis } from "ioredis";
import { type PublishCall, runPublishScript } from "./publish-script.ts";

interface Recent {
  readonly call: PublishCall;
  /** Until when it is kept (milliseconds of performance.now). */
  readonly until: number;
}

const maxEntries = 1_000;

/**
 * What Redis took lately, given to it once more after every reconnection: it may have come back without its memory, or without
 * the last second of it. A Redis that still has an entry recognises its id. Only for streams that remember ids; a check is asked
 * again by who waits for its answer.
 */
export class RecentEntries {
  readonly #client: Redis;
  readonly #log: Logger;
  /** The newest takes the place of the oldest. */
  readonly #ring: Recent[] = [];
  #next = 0;

  constructor(client: Redis, log: Logger) {
    this.#client = client;
    this.#log = log;
    let connections = 0;
    client.on("ready", () => {
      if (connections++ > 0) void this.#giveAgain();
    });
  }

  /** Kept for half the window, so that an id that is given again is still known. */
  add(call: PublishCall, windowMs: number): void {
    if (windowMs === 0) return;
    this.#ring[this.#next] = { call, until: performance.now() + windowMs / 2 };
    this.#next = (this.#next + 1) % maxEntries;
  }

  async #giveAgain(): Promise<void> {
    const now = performance.now();
    const oldestFirst = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    const calls = oldestFirst.filter(({ until }) => until > now).map(({ call }) => call);
    const outcomes = await Promise.allSettled(calls.map((call) => runPublishScript(this.#client, call)));
    const lost = outcomes.filter((outcome) => outcome.status === "fulfilled" && outcome.value === "accepted").length;
    if (lost > 0) this.#log.warn({ entries: lost }, "Redis came back without entries, which it was given again");
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    // The connection went once more: the next one brings them.
    if (failed) this.#log.debug({ err: messageOf(failed.reason) }, "entries not given again");
  }
}
