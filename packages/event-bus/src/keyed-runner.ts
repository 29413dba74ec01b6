/** Runs work with at most `concurrency` at once, and of one key only one, in the order of arrival. `run` must not reject. */
export class KeyedRunner<T> {
  readonly #concurrency: number;
  readonly #run: (item: T) => Promise<void>;
  readonly #waiting = new Map<string, T[]>();
  readonly #busy = new Set<string>();
  #closed = false;
  #idleWaiters: (() => void)[] = [];

  constructor(concurrency: number, run: (item: T) => Promise<void>) {
    this.#concurrency = concurrency;
    this.#run = run;
  }

  push(key: string, item: T): void {
    const queue = this.#waiting.get(key);
    if (queue === undefined) this.#waiting.set(key, [item]);
    else queue.push(item);
    this.#pump();
  }

  /** Begins nothing more. */
  close(): void {
    this.#closed = true;
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    if (this.#busy.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idleWaiters.push(resolve);
    });
  }

  #pump(): void {
    for (const [key, queue] of this.#waiting) {
      if (this.#closed || this.#busy.size >= this.#concurrency) return;
      if (this.#busy.has(key)) continue;
      const item = queue.shift();
      if (queue.length === 0) this.#waiting.delete(key);
      if (item !== undefined) void this.#work(key, item);
    }
  }

  async #work(key: string, item: T): Promise<void> {
    this.#busy.add(key);
    await this.#run(item);
    this.#busy.delete(key);
    this.#pump();
    if (this.#busy.size > 0) return;
    for (const resolve of this.#idleWaiters) resolve();
    this.#idleWaiters = [];
  }
}
