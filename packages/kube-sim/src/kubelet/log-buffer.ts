const maxLines = 5_000;

interface Line {
  at: number;
  text: string;
}

/** Somebody who reads along. */
export interface LogFollower {
  line(text: string): void;
  /** The container has ended: nothing more comes. */
  end(): void;
}

/** The newest lines that one run of a container wrote. */
export class LogBuffer {
  readonly #lines: Line[] = [];
  readonly #followers = new Map<LogFollower, boolean>();
  #rest = "";
  #ended = false;

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
    return last.map((line) => textOf(line, timestamps));
  }

  /** Tells of each new line, until the run ends or the returned function is called. */
  follow(follower: LogFollower, timestamps = false): () => void {
    if (this.#ended) follower.end();
    else this.#followers.set(follower, timestamps);
    return () => this.#followers.delete(follower);
  }

  /** The run is over. A last line without an end counts, too. */
  end(): void {
    if (this.#rest !== "") this.#add(this.#rest);
    this.#rest = "";
    this.#ended = true;
    for (const follower of this.#followers.keys()) follower.end();
    this.#followers.clear();
  }

  #add(text: string): void {
    const line = { at: Date.now(), text };
    this.#lines.push(line);
    if (this.#lines.length > maxLines * 1.25) this.#lines.splice(0, this.#lines.length - maxLines);
    for (const [follower, timestamps] of this.#followers) follower.line(textOf(line, timestamps));
  }
}

function textOf({ at, text }: Line, timestamps: boolean): string {
  return timestamps ? `${new Date(at).toISOString()} ${text}` : text;
}

/** What a container wrote: in this run, or the last one, and in the one before. */
export class ContainerLogs {
  #current = new LogBuffer();
  #previous: LogBuffer | undefined;
  #runs = 0;
  #between = false;

  /** A run begins; returns where its output goes. */
  begin(): LogBuffer {
    if (this.#runs > 0) this.#previous = this.#current;
    if (this.#runs > 0) this.#current = new LogBuffer();
    this.#runs++;
    this.#between = false;
    return this.#current;
  }

  /** The run is over, and another may follow. */
  end(o: { another: boolean }): void {
    this.#between = o.another;
    this.#current.end();
  }

  get current(): LogBuffer {
    return this.#current;
  }

  /** The run before this one, or the one that the next will follow; undefined while there is none. */
  get previous(): LogBuffer | undefined {
    return this.#between ? this.#current : this.#previous;
  }
}
