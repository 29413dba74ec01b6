import { backOffMs, type Logger, messageOf, redactText, sleep } from "@burgee/service-kit";
import type { ConsumeHandler, ConsumeOptions, Delivery } from "./bus.ts";
import { KeyedRunner } from "./keyed-runner.ts";
import type { BusMetrics } from "./metrics.ts";
import { inTraceOf } from "./trace.ts";
import { Undeliverable } from "./undeliverable.ts";

/** What a consumer asks of its stream. Every call rejects while the stream is away. */
export interface GroupPort {
  acknowledge(offsets: readonly string[]): Promise<void>;
  /** Adds it to the dead letter stream and acknowledges it, both or neither. */
  bury(delivery: Delivery, failure: string): Promise<void>;
  /** Says that these are still being worked on, and records their attempts. */
  hold(deliveries: readonly Delivery[]): Promise<void>;
  /** Offers them to other consumers at once. */
  release(deliveries: readonly Delivery[]): Promise<void>;
  /** Resolves when the stream can be reached. */
  reachable(signal: AbortSignal): Promise<void>;
}

export interface GroupWorkOptions {
  readonly stream: string;
  readonly group: string;
  readonly handler: ConsumeHandler;
  readonly port: GroupPort;
  readonly settings: Required<Omit<ConsumeOptions, "consumer">>;
  readonly log: Logger;
  readonly metrics: BusMetrics;
}

const ackDelayMs = 20;
const stopTimeoutMs = 5_000;
const maxRetryDelayMs = 30_000;

/**
 * The entries that one consumer has in hand, from delivery to acknowledgement:
 *
 *   add → run ─ resolved → acknowledged (one call for what finished together)
 *          └─ rejected → wait → run again … → after maxDeliveries: dead letter
 *
 * Redis and memory share it; they differ in the port.
 */
export class GroupWork {
  readonly #o: GroupWorkOptions;
  readonly #inHand = new Map<string, Delivery>();
  /** Finished, not yet sent to be acknowledged. */
  readonly #done = new Set<string>();
  #acknowledging: Promise<boolean> | undefined;
  /** Finished, acknowledged or not: still in hand, but no work. */
  #finished = 0;
  readonly #runner: KeyedRunner<Delivery>;
  readonly #abort = new AbortController();
  /** Of the handlers that run: a set is left in no time, a signal's listeners are searched through. */
  readonly #giveUps = new Set<(reason: unknown) => void>();
  readonly #stopping = new AbortController();
  readonly #background = new Set<Promise<void>>();
  #ackTimer: NodeJS.Timeout | undefined;
  #roomWaiters: (() => void)[] = [];
  #heartbeat: NodeJS.Timeout;

  constructor(o: GroupWorkOptions) {
    this.#o = o;
    this.#runner = new KeyedRunner(o.settings.concurrency, (delivery) => this.#run(delivery));
    this.#heartbeat = setInterval(() => this.#own(this.#beat()), o.settings.reclaimIdleMs / 3);
  }

  has(offset: string): boolean {
    return this.#inHand.has(offset);
  }

  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      if (this.#inHand.has(delivery.offset)) continue;
      this.#inHand.set(delivery.offset, delivery);
      // A delivery beyond the limit means that consumers died with it: handing it out again would kill the next one.
      if (delivery.attempt > this.#o.settings.maxDeliveries) {
        this.#own(this.#bury(delivery, `consumers ended without finishing it ${delivery.attempt - 1} times`));
      } else this.#runner.push(delivery.key, delivery);
    }
  }

  /**
   * Resolves when what could be done at once is acknowledged. A remote stream is read after that: a read in between would bring a few
   * entries for the price of many.
   */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.#acknowledging;
  }

  /** Resolves when another batch may be read, or when it stops. */
  async room(): Promise<void> {
    while (this.#isFull() && !this.#stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#roomWaiters.push(resolve);
      });
    }
  }

  /** Begins nothing more. What is added from now on is only released. */
  halt(): void {
    this.#stopping.abort(new Error("the subscription stops"));
    this.#runner.close();
    this.#wakeReaders();
  }

  /** Finishes what runs, acknowledges it, and releases the rest. */
  async stop(): Promise<void> {
    this.halt();
    const timer = setTimeout(() => {
      const reason = new Error("the subscription stops");
      this.#abort.abort(reason);
      for (const giveUp of this.#giveUps) giveUp(reason);
    }, stopTimeoutMs);
    await this.#runner.idle();
    clearTimeout(timer);
    clearInterval(this.#heartbeat);
    await Promise.allSettled(this.#background);
    await this.#flush();
    if (this.#inHand.size > 0)
      await this.#attempt("entries stay with a stopped consumer", (port) => port.release([...this.#inHand.values()]));
  }

  async #run(delivery: Delivery): Promise<void> {
    const { handler, stream, group, metrics, settings } = this.#o;
    metrics.delivered(stream, group, delivery.attempt);
    try {
      await this.#abortable(inTraceOf(delivery, `${stream} process`, () => handler(delivery, this.#abort.signal)));
      this.#acknowledge(delivery.offset);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const failure = redactText(messageOf(error));
      const last = delivery.attempt >= settings.maxDeliveries || error instanceof Undeliverable;
      this.#o.log.warn(
        { stream, group, id: delivery.id, key: delivery.key, attempt: delivery.attempt, err: failure },
        last ? "delivery failed for the last time" : "delivery failed",
      );
      this.#own(last ? this.#bury(delivery, failure) : this.#again(delivery));
    }
  }

  /** A handler that ignores its signal must not keep the subscription from stopping. */
  #abortable(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#giveUps.add(reject);
      const leave = () => this.#giveUps.delete(reject);
      work.then(
        () => {
          leave();
          resolve();
        },
        (error: unknown) => {
          leave();
          reject(error);
        },
      );
    });
  }

  async #again(delivery: Delivery): Promise<void> {
    const { settings, port } = this.#o;
    const next = { ...delivery, attempt: delivery.attempt + 1 };
    const delayMs = backOffMs(delivery.attempt, { firstDelayMs: settings.retryDelayMs, maxDelayMs: maxRetryDelayMs });
    if (!(await this.#pause(delayMs))) return;
    // While the stream is away no attempt is used up: the handler likely failed because of that.
    await this.#untilDone(() => port.hold([next]));
    if (this.#stopping.signal.aborted) return;
    this.#inHand.set(next.offset, next);
    this.#runner.push(next.key, next);
  }

  async #bury(delivery: Delivery, failure: string): Promise<void> {
    const { stream, group, port, metrics, log } = this.#o;
    if (!(await this.#untilDone(() => port.bury(delivery, failure)))) return;
    metrics.buried(stream, group);
    log.error(
      { stream, group, id: delivery.id, key: delivery.key, err: failure },
      "entry moved to the dead letter stream",
    );
    this.#letGo([delivery.offset]);
  }

  #acknowledge(offset: string): void {
    this.#done.add(offset);
    this.#finished++;
    if (!this.#isFull()) this.#wakeReaders();
    if (this.#done.size >= this.#o.settings.batch || this.#finished === this.#inHand.size) this.#own(this.#flush());
    else this.#ackTimer ??= setTimeout(() => this.#own(this.#flush()), ackDelayMs);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    const offsets = [...this.#done];
    if (offsets.length === 0) return;
    this.#done.clear();
    const acknowledging = this.#attempt("acknowledging failed", (port) => port.acknowledge(offsets));
    this.#acknowledging = acknowledging;
    if (await acknowledging) {
      this.#finished -= offsets.length;
      return this.#letGo(offsets);
    }
    for (const offset of offsets) this.#done.add(offset);
  }

  async #beat(): Promise<void> {
    const working = [...this.#inHand.values()].filter(({ offset }) => !this.#done.has(offset));
    if (working.length > 0) await this.#attempt("entries in hand may be taken over", (port) => port.hold(working));
    await this.#flush();
  }

  #letGo(offsets: readonly string[]): void {
    for (const offset of offsets) this.#inHand.delete(offset);
    if (!this.#isFull()) this.#wakeReaders();
  }

  /** The next batch is read while the last one is acknowledged; only a few batches may wait for that. */
  #isFull(): boolean {
    const { batch, concurrency } = this.#o.settings;
    const limit = Math.max(batch, concurrency);
    return this.#inHand.size - this.#finished >= limit || this.#inHand.size >= 4 * limit;
  }

  #wakeReaders(): void {
    for (const resolve of this.#roomWaiters) resolve();
    this.#roomWaiters = [];
  }

  async #attempt(what: string, call: (port: GroupPort) => Promise<void>): Promise<boolean> {
    try {
      await call(this.#o.port);
      return true;
    } catch (error) {
      this.#o.log.debug({ stream: this.#o.stream, group: this.#o.group, err: messageOf(error) }, what);
      return false;
    }
  }

  /** Repeats until it works. False when the subscription stopped before. */
  async #untilDone(call: () => Promise<void>): Promise<boolean> {
    const { signal } = this.#stopping;
    for (let tries = 1; !signal.aborted; tries++) {
      if (await this.#attempt("the stream is away", call)) return true;
      if (!(await this.#pause(backOffMs(tries)))) return false;
      await this.#attempt("the stream is away", (port) => port.reachable(signal));
    }
    return false;
  }

  /** False when the subscription stopped before. */
  #pause(ms: number): Promise<boolean> {
    return sleep(ms, this.#stopping.signal).then(
      () => true,
      () => false,
    );
  }

  #own(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }
}
