import type { SimLog } from "../log.ts";
import { ClientError } from "../client/api-client.ts";

/** Handles one key; a number is the delay in milliseconds after which it wants to look again. */
export type Reconcile = (key: string) => Promise<number | undefined>;

const firstRetryMs = 10;
const maxRetryMs = 2_000;

/** Runs a reconcile per key: never two at once for one key, again when it changed meanwhile, later when it failed. */
export class WorkQueue {
  readonly #name: string;
  readonly #reconcile: Reconcile;
  readonly #log: SimLog;
  readonly #running = new Map<string, Promise<void>>();
  readonly #dirty = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(name: string, reconcile: Reconcile, log: SimLog) {
    this.#name = name;
    this.#reconcile = reconcile;
    this.#log = log;
  }

  add(key: string): void {
    if (this.#stopped) return;
    if (this.#running.has(key)) this.#dirty.add(key);
    else this.#running.set(key, this.#run(key));
  }

  addAfter(key: string, ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.add(key);
      }, ms),
    );
  }

  /** Takes no more keys and waits for those in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#running.values());
  }

  async #run(key: string): Promise<void> {
    // Changes of the same moment are handled in one pass.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      const againMs = await this.#reconcile(key);
      this.#failures.delete(key);
      if (againMs !== undefined) this.addAfter(key, againMs);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      const delayMs = Math.min(firstRetryMs * 2 ** (failures - 1), maxRetryMs);
      if (!this.#stopped) this.#report(error, key, delayMs);
      this.addAfter(key, delayMs);
    } finally {
      this.#running.delete(key);
      if (this.#dirty.delete(key)) this.add(key);
    }
  }

  /** Conflicts, objects that are gone and namespaces that go are everyday life. */
  #report(error: unknown, key: string, delayMs: number): void {
    const usual =
      error instanceof ClientError &&
      ([0, 404, 409].includes(error.status) || (error.status === 403 && error.message.includes("being terminated")));
    const fields = { err: error, controller: this.#name, key, delayMs };
    if (usual) this.#log.debug(fields, "reconcile will be tried again");
    else this.#log.warn(fields, "reconcile failed, trying again");
  }
}
