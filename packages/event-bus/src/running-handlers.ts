/** Handlers under way, so that one that ignores its signal cannot keep the subscription from stopping. */
export class RunningHandlers {
  readonly #abort = new AbortController();
  /** A set is left in no time, a signal's listeners are searched through. */
  readonly #giveUps = new Set<(reason: unknown) => void>();

  /** What handlers are given. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Settles as the work does, or rejects when it is given up. */
  wait(work: Promise<void>): Promise<void> {
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

  giveUp(reason: Error): void {
    this.#abort.abort(reason);
    for (const giveUp of this.#giveUps) giveUp(reason);
  }
}
