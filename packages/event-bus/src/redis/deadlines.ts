/** One call that waits for an answer. */
export interface Waiting {
  readonly until: number;
  readonly expire: () => void;
}

/** Deadlines of many calls with the same time limit, on one timer: a timer for each would cost as much as the call. */
export class Deadlines {
  readonly #timeoutMs: number;
  /** In the order of their deadlines, because all have the same limit. */
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Calls `expire` when the limit is over, unless it was deleted before. */
  add(expire: () => void): Waiting {
    const waiting = { until: performance.now() + this.#timeoutMs, expire };
    this.#waiting.add(waiting);
    this.#timer ??= setTimeout(() => this.#sweep(), this.#timeoutMs);
    return waiting;
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.until > now) {
        this.#timer = setTimeout(() => this.#sweep(), waiting.until - now);
        return;
      }
      this.#waiting.delete(waiting);
      waiting.expire();
    }
  }
}
