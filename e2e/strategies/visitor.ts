// Somebody who uses an application all the time, one request after the other, and remembers every answer.
import { setTimeout as delay } from "node:timers/promises";

/** What a visitor saw. */
export interface Seen {
  readonly version: string;
  readonly role: string;
  readonly cookies: readonly string[];
}

/** Between two requests. */
const pauseMs = 3;

export class Visitor {
  /** Requests that were not answered with 200. */
  readonly failures: string[] = [];
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #waiting = new Set<{ left: number; seen: Seen[]; done(seen: Seen[]): void }>();
  readonly #stopped = new AbortController();
  readonly #gone: Promise<void>;
  #count = 0;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url;
    this.#headers = headers;
    this.#gone = this.#visit();
  }

  /** Requests so far. */
  get count(): number {
    return this.#count;
  }

  /** What the next so many requests see, from one that has not begun yet. */
  next(left: number): Promise<Seen[]> {
    return new Promise((done) => this.#waiting.add({ left, seen: [], done }));
  }

  /** Resolves when no request is under way any more. */
  async leave(): Promise<void> {
    this.#stopped.abort();
    await this.#gone;
  }

  async #visit(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const waiting = [...this.#waiting];
      const seen = await this.#request();
      this.#count += 1;
      for (const one of waiting) {
        if (seen !== undefined) one.seen.push(seen);
        one.left -= 1;
        if (one.left > 0) continue;
        this.#waiting.delete(one);
        one.done(one.seen);
      }
      await delay(pauseMs);
    }
  }

  async #request(): Promise<Seen | undefined> {
    try {
      const response = await fetch(this.#url, { headers: this.#headers });
      const text = await response.text();
      if (response.status === 200) return { ...JSON.parse(text), cookies: response.headers.getSetCookie() };
      this.failures.push(`request ${this.#count + 1}: ${response.status} ${text.trim()}`);
    } catch (error) {
      this.failures.push(`request ${this.#count + 1}: ${String(error)}`);
    }
    return undefined;
  }
}

/** How often each version was seen, by role, as `{ "v1 primary": 75, "v2 canary": 25 }`. */
export function tally(seen: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { version, role } of seen) counts[`${version} ${role}`] = (counts[`${version} ${role}`] ?? 0) + 1;
  return counts;
}
