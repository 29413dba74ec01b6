import type { ServerResponse } from "node:http";

/** A client that reads slower than this many bytes behind is cut off; it will list again. */
const maxBacklogBytes = 64 * 1024 * 1024;

/** Where a watch puts its lines. */
export interface Outbox {
  push(line: Buffer): void;
  /** Sends what waits at once. */
  flush(): void;
}

/**
 * Sends the lines of watches once in each turn of the event loop: a burst of changes costs one write a watch, not one
 * write a change, and watches that see the same lines share their bytes.
 */
export class Outboxes {
  readonly #waiting = new Map<ServerResponse, Buffer[]>();
  #due: NodeJS.Immediate | undefined;
  #last: { lines: readonly Buffer[]; bytes: Buffer } = { lines: [], bytes: Buffer.alloc(0) };

  of(response: ServerResponse): Outbox {
    return {
      push: (line) => {
        const lines = this.#waiting.get(response);
        if (lines) lines.push(line);
        else this.#waiting.set(response, [line]);
        this.#due ??= setImmediate(() => this.#flushAll());
      },
      flush: () => {
        const lines = this.#waiting.get(response);
        this.#waiting.delete(response);
        if (lines) this.#send(response, lines);
      },
    };
  }

  #flushAll(): void {
    this.#due = undefined;
    for (const [response, lines] of this.#waiting) this.#send(response, lines);
    this.#waiting.clear();
    this.#last = { lines: [], bytes: Buffer.alloc(0) };
  }

  #send(response: ServerResponse, lines: readonly Buffer[]): void {
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > maxBacklogBytes) response.destroy();
    else response.write(this.#joined(lines));
  }

  #joined(lines: readonly Buffer[]): Buffer {
    const [only] = lines;
    if (only && lines.length === 1) return only;
    const { lines: before, bytes } = this.#last;
    if (before.length === lines.length && before.every((line, index) => line === lines[index])) return bytes;
    const joined = Buffer.concat(lines);
    this.#last = { lines, bytes: joined };
    return joined;
  }
}
