const maxLines = 5_000;

interface Line {
  at: number;
  text: string;
}

/** The newest lines that a container wrote. */
export class LogBuffer {
  readonly #lines: Line[] = [];
  readonly #followers = new Set<(line: string) => void>();
  #rest = "";

  write(chunk: string): void {
    const parts = (this.#rest + chunk).split("\n");
    this.#rest = parts.pop() ?? "";
    for (const text of parts) this.#add(text);
  }

  /** Lines, oldest first. */
  read(o: { tail?: number; timestamps?: boolean; sinceMs?: number } = {}): string[] {
    const { tail, timestamps = false, sinceMs = 0 } = o;
    const chosen = this.#lines.filter((line) => line.at >= sinceMs);
    const last = tail === undefined ? chosen : tail === 0 ? [] : chosen.slice(-tail);
    return last.map(({ at, text }) => (timestamps ? `${new Date(at).toISOString()} ${text}` : text));
  }

  /** Calls back for each new line, until the returned function is called. */
  follow(follower: (line: string) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #add(text: string): void {
    this.#lines.push({ at: Date.now(), text });
    if (this.#lines.length > maxLines * 1.25) this.#lines.splice(0, this.#lines.length - maxLines);
    for (const follower of this.#followers) follower(text);
  }
}
