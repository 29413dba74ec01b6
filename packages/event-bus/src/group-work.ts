import { backOffMs, type Logger, messageOf, redactText } from "@burgee/service-kit";
import type { ConsumeHandler, ConsumeOptions, Delivery } from "./bus.ts";
import { type GroupPort, PortCalls } from "./group-port.ts";
import { KeyedRunner } from "./keyed-runner.ts";
import type { BusMetrics } from "./metrics.ts";
import { RunningHandlers } from "./running-handlers.ts";
import { inTraceOf } from "./trace.ts";
import { Undeliverable } from "./undeliverable.ts";

/** One consumer of one group. */
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
  readonly #handlers = new RunningHandlers();
  readonly #stopping = new AbortController();
  readonly #calls: PortCalls;
  readonly #background = new Set<Promise<void>>();
  #ackTimer: NodeJS.Timeout | undefined;
  #roomWaiters: (() => void)[] = [];
  #heartbeat: NodeJS.Timeout;

  constructor(o: GroupWorkOptions) {
    this.#o = o;
    this.#calls = new PortCalls({ ...o, stopping: this.#stopping.signal });
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
    const timer = setTimeout(() => this.#handlers.giveUp(new Error("the subscription stops")), stopTimeoutMs);
    await this.#runner.idle();
    clearTimeout(timer);
    clearInterval(this.#heartbeat);
    await Promise.allSettled(this.#background);
    await this.#flush();
    if (this.#inHand.size > 0)
      await this.#calls.once("entries stay with a stopped consumer", (port) =>
        port.release([...this.#inHand.values()]),
      );
  }

  async #run(delivery: Delivery): Promise<void> {
    const { handler, stream, group, metrics, settings } = this.#o;
    metrics.delivered(stream, group, delivery.attempt);
    try {
      const { signal } = this.#handlers;
      await this.#handlers.wait(inTraceOf(delivery, `${stream} process`, () => handler(delivery, signal)));
      this.#acknowledge(delivery.offset);
    } catch (error) {
      if (this.#handlers.signal.aborted) return;
      const failure = redactText(messageOf(error));
      const last = delivery.attempt >= settings.maxDeliveries || error instanceof Undeliverable;
      this.#o.log.warn(
        { stream, group, id: delivery.id, key: delivery.key, attempt: delivery.attempt, err: failure },
        last ? "delivery failed for the last time" : "delivery failed",
      );
      this.#own(last ? this.#bury(delivery, failure) : this.#again(delivery));
    }
  }

  async #again(delivery: Delivery): Promise<void> {
    const { settings } = this.#o;
    const next = { ...delivery, attempt: delivery.attempt + 1 };
    const delayMs = backOffMs(delivery.attempt, { firstDelayMs: settings.retryDelayMs, maxDelayMs: maxRetryDelayMs });
    if (!(await this.#calls.pause(delayMs))) return;
    // While the stream is away no attempt is used up: the handler likely failed because of that.
    await this.#calls.untilDone((port) => port.hold([next]));
    if (this.#stopping.signal.aborted) return;
    this.#inHand.set(next.offset, next);
    this.#runner.push(next.key, next);
  }

  async #bury(delivery: Delivery, failure: string): Promise<void> {
    const { stream, group, metrics, log } = this.#o;
    if (!(await this.#calls.untilDone((port) => port.bury(delivery, failure)))) return;
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
    const acknowledging = this.#calls.once("acknowledging failed", (port) => port.acknowledge(offsets));
    this.#acknowledging = acknowledging;
    if (await acknowledging) {
      this.#finished -= offsets.length;
      return this.#letGo(offsets);
    }
    for (const offset of offsets) this.#done.add(offset);
  }

  async #beat(): Promise<void> {
    const working = [...this.#inHand.values()].filter(({ offset }) => !this.#done.has(offset));
    if (working.length > 0) await this.#calls.once("entries in hand may be taken over", (port) => port.hold(working));
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

  #own(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }
}
