import { backOffMs, type Logger, messageOf, sleep } from "@burgee/service-kit";
import type { Delivery } from "./bus.ts";

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

/** Whose calls they are, and until when they are tried. */
export interface PortCallsOptions {
  readonly stream: string;
  readonly group: string;
  readonly port: GroupPort;
  readonly log: Logger;
  /** From here on nothing is tried again. */
  readonly stopping: AbortSignal;
}

/** Calls of a port that outlive a stream that is away for a while. */
export class PortCalls {
  readonly #o: PortCallsOptions;

  constructor(o: PortCallsOptions) {
    this.#o = o;
  }

  /** Whether it worked. */
  async once(what: string, call: (port: GroupPort) => Promise<void>): Promise<boolean> {
    const { stream, group, port, log } = this.#o;
    try {
      await call(port);
      return true;
    } catch (error) {
      log.debug({ stream, group, err: messageOf(error) }, what);
      return false;
    }
  }

  /** Repeats until it works. False when the subscription stopped before. */
  async untilDone(call: (port: GroupPort) => Promise<void>): Promise<boolean> {
    const { stopping } = this.#o;
    for (let tries = 1; !stopping.aborted; tries++) {
      if (await this.once("the stream is away", call)) return true;
      if (!(await this.pause(backOffMs(tries)))) return false;
      await this.once("the stream is away", (port) => port.reachable(stopping));
    }
    return false;
  }

  /** False when the subscription stopped before. */
  pause(ms: number): Promise<boolean> {
    return sleep(ms, this.#o.stopping).then(
      () => true,
      () => false,
    );
  }
}
