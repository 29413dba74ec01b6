import { type Logger, messageOf, redactText } from "@burgee/service-kit";
import type { Redis } from "ioredis";
import type { BusState } from "../bus.ts";
import { EventBusError } from "../event-bus-error.ts";
import { Deadlines, type Waiting } from "./deadlines.ts";

/** How long a call waits for Redis, and who is told that it came or went. */
export interface WriterOptions {
  readonly timeoutMs: number;
  readonly log: Logger;
  readonly onState: (state: BusState) => void;
}

/** Calls in hand: more than this are refused, so that a Redis that is slow or away costs no more memory than this. */
const maxCalls = 10_000;
const pingMs = 2_000;

/** Runs commands on the one shared connection with a deadline, and knows whether Redis can be reached. */
export class Writer {
  readonly #client: Redis;
  readonly #o: WriterOptions;
  readonly #listeners = new Set<(state: BusState, reason?: string) => void>();
  #state: BusState = "down";
  /** What the listeners know: "up", or why not. */
  #told: string | undefined;
  /** The first failure to connect is news although the state was down from the start. */
  #everTold = false;
  #reason = "not connected yet";
  #calls = 0;
  #closed = false;
  #everUp = false;
  readonly #ping: NodeJS.Timeout;
  readonly #deadlines: Deadlines;

  constructor(client: Redis, o: WriterOptions) {
    this.#client = client;
    this.#o = o;
    this.#deadlines = new Deadlines(o.timeoutMs);
    client.on("ready", () => this.#change("up"));
    // An end without an error is all that is seen of a port behind which there is no Redis, or of one that is stopping.
    client.on("connect", () => {
      this.#reason = "the connection was closed";
    });
    client.on("error", (error: Error) => {
      this.#reason = redactText(messageOf(error));
    });
    client.on("close", () => this.#change("down"));
    // A connection without traffic does not notice that its peer is gone.
    this.#ping = setInterval(() => {
      if (client.status === "ready")
        client.ping().catch((error: unknown) => o.log.debug({ err: messageOf(error) }, "ping failed"));
    }, pingMs);
    this.#ping.unref();
  }

  get state(): BusState {
    return this.#state;
  }

  onState(fn: (state: BusState, reason?: string) => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  assertOpen(): void {
    if (this.#closed) throw new EventBusError("closed", "the bus is closed");
  }

  /** Waits for the connection and the answer, together at most the deadline. Rejects with EventBusError. */
  run<T>(what: string, call: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.assertOpen();
      if (this.#calls >= maxCalls) {
        throw new EventBusError("unavailable", `cannot ${what}: ${maxCalls} calls already wait for Redis`);
      }
      this.#calls++;
      const waiting = this.#deadlines.add(() => reject(this.#unavailable(what)));
      // After the deadline the settled promise ignores what still comes; the call counts until then, as it holds its memory.
      this.#call(call).then(
        (value) => {
          this.#settle(waiting);
          resolve(value);
        },
        (error: unknown) => {
          this.#settle(waiting);
          reject(error instanceof EventBusError ? error : this.#unavailable(what, error));
        },
      );
    });
  }

  #settle(waiting: Waiting): void {
    this.#calls--;
    this.#deadlines.delete(waiting);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#ping);
    this.#reason = "the bus is closed";
    if (this.#client.status === "ready") await this.#client.quit().catch(() => this.#client.disconnect());
    this.#client.disconnect();
    this.#change("down");
  }

  #call<T>(call: () => Promise<T>): Promise<T> {
    return this.#client.status === "ready" ? call() : this.#ready().then(call);
  }

  #ready(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const done = (): void => {
      clearTimeout(timer);
      this.#client.off("ready", done);
      resolve();
    };
    const timer = setTimeout(() => {
      this.#client.off("ready", done);
      reject(new Error(this.#reason));
    }, this.#o.timeoutMs);
    this.#client.on("ready", done);
    return promise;
  }

  #unavailable(what: string, cause?: unknown): EventBusError {
    const why =
      cause === undefined ? (this.#state === "up" ? "no answer" : this.#reason) : redactText(messageOf(cause));
    return new EventBusError(
      "unavailable",
      `cannot ${what}: Redis: ${why} (waited up to ${this.#o.timeoutMs} ms); try again`,
      { cause },
    );
  }

  #change(state: BusState): void {
    const news = state === "up" ? "up" : `${this.#reason}; trying again`;
    if (news === this.#told) return;
    this.#told = news;
    if (state === "up" || this.#state === "up" || !this.#everTold) this.#log(state);
    this.#everTold = true;
    this.#state = state;
    this.#o.onState(state);
    for (const listener of this.#listeners) listener(state, state === "down" ? news : undefined);
  }

  /** Once per change, however many attempts fail for however many reasons. */
  #log(state: BusState): void {
    const { log } = this.#o;
    if (state === "up") {
      log.info(this.#everUp ? "Redis is back" : "Redis connected");
      this.#everUp = true;
    } else if (!this.#closed) log.warn({ err: this.#reason }, "Redis is away, trying again");
  }
}
