import type { Writable } from "node:stream";

/** A client that reads slower than this many bytes behind is cut off; it will list again. */
const maxBacklogBytes = 64 * 1024 * 1024;

/** Starts to hand lines over; returns the function that ends it. */
export type Source = (push: (line: string) => void) => () => void;

/** What all watches that ask for the same are sent from some moment on: each line is made once for all of them. */
export class Feed {
  readonly #members = new Set<Writable>();
  readonly #stop: () => void;
  #lines: string[] = [];
  #due: NodeJS.Immediate | undefined;

  constructor(source: Source) {
    this.#stop = source((line) => this.#push(line));
  }

  /** Sends what comes from now on to one more client. */
  join(response: Writable): void {
    this.flush();
    this.#members.add(response);
  }

  /** The last one to leave ends the feed; true then. */
  leave(response: Writable): boolean {
    this.#members.delete(response);
    if (this.#members.size > 0) return false;
    this.#stop();
    return true;
  }

  /** Sends at once what waits. */
  flush(): void {
    clearImmediate(this.#due);
    this.#due = undefined;
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(this.#lines.join(""));
    this.#lines = [];
    for (const response of this.#members) {
      if (response.destroyed || response.writableEnded) continue;
      if (response.writableLength > maxBacklogBytes) response.destroy();
      else response.write(bytes);
    }
  }

  /**
   * Lines are sent once in each turn of the event loop: a burst of changes costs one write a client. Not in the turn of the change: whoever
   * made it has its answer first.
   */
  #push(line: string): void {
    this.#lines.push(line);
    this.#due ??= setImmediate(() => {
      this.#due = setImmediate(() => this.flush());
    });
  }
}

/** The feeds that are followed, by what their watches ask for. */
export class Feeds<Subject extends object> {
  readonly #shared = new WeakMap<Subject, Map<string, Feed>>();

  /** Joins the feed of this key about the subject, begun if there is none. Without a key it is the client's own. */
  join(response: Writable, o: { subject: Subject; key: string | undefined; source: Source }): Feed {
    const { subject, key, source } = o;
    const shared = this.#shared.get(subject) ?? new Map<string, Feed>();
    const feed = (key === undefined ? undefined : shared.get(key)) ?? new Feed(source);
    feed.join(response);
    if (key !== undefined) this.#shared.set(subject, shared.set(key, feed));
    response.once("close", () => {
      if (feed.leave(response) && key !== undefined) shared.delete(key);
    });
    return feed;
  }
}
