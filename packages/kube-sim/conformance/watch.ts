import type { IncomingMessage } from "node:http";
import { isObject, type JsonObject } from "../src/api/json.ts";
import type { Http } from "./http.ts";

/** An event of a watch. */
export interface WatchEvent {
  type: string;
  object: JsonObject;
}

const deadlineMs = 15_000;

/** An open watch: its events one after the other. */
export class Watch {
  /** The status with which the server answered. */
  readonly status: number;
  readonly #stop: AbortController;
  readonly #events: AsyncGenerator<WatchEvent>;

  private constructor(response: IncomingMessage, stop: AbortController) {
    this.status = response.statusCode ?? 0;
    this.#stop = stop;
    this.#events = eventsOf(response);
  }

  static async open(http: Http, path: string, accept?: string): Promise<Watch> {
    const stop = new AbortController();
    const response = await http.open("GET", path, { signal: stop.signal, ...(accept && { accept }) });
    // A watch that is stopped ends with an error that nobody waits for.
    response.on("error", () => undefined);
    return new Watch(response, stop);
  }

  /** The next event; undefined when the server ends the watch. Rejects when nothing comes for 15 seconds. */
  async next(): Promise<WatchEvent | undefined> {
    const timer = setTimeout(() => this.#stop.abort(new Error(`no event within ${deadlineMs} ms`)), deadlineMs);
    try {
      const { value, done } = await this.#events.next();
      return done ? undefined : value;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next events, as many as asked for. */
  async take(count: number): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    while (events.length < count) {
      const event = await this.next();
      if (!event) throw new Error(`the watch ended after ${events.length} of ${count} events`);
      events.push(event);
    }
    return events;
  }

  stop(): void {
    this.#stop.abort();
  }
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<WatchEvent> {
  let rest = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event: unknown = JSON.parse(line);
      if (isObject(event) && isObject(event.object)) yield { type: String(event.type), object: event.object };
    }
  }
}
