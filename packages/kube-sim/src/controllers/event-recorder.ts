import type { KubeObject } from "../api/object.ts";
import type { ApiClient } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";

/** What an Event says. */
export interface News {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  component: string;
}

const remembered = 500;

/** Writes Events; the same news about the same object raises the count of the first. */
export class EventRecorder {
  readonly #client: ApiClient;
  readonly #recent = new Map<string, Promise<KubeObject>>();
  #made = 0;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Resolves when it is written; rejects when it cannot be. */
  async record(object: KubeObject, news: News): Promise<void> {
    const id = [object.metadata.uid, news.type, news.reason, news.message, news.component].join("\n");
    const before = this.#recent.get(id);
    const written = before ? before.then((event) => this.#again(event)) : this.#first(object, news);
    this.#recent.delete(id);
    this.#recent.set(id, written);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size > remembered) this.#recent.delete(oldest);
    try {
      await written;
    } catch (error) {
      // It may have expired: the next news of this kind starts afresh.
      if (this.#recent.get(id) === written) this.#recent.delete(id);
      throw error;
    }
  }

  #first(object: KubeObject, { type, reason, message, component }: News): Promise<KubeObject> {
    const { namespace = "default", name, uid } = object.metadata;
    const now = wholeSeconds();
    const suffix = `${Date.now().toString(16)}${(++this.#made).toString(16).padStart(4, "0")}`;
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${suffix}`, namespace },
      involvedObject: { apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid },
      type,
      reason,
      message,
      source: { component },
      reportingComponent: component,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    return this.#client.create(paths.events, event, namespace);
  }

  #again(event: KubeObject): Promise<KubeObject> {
    const count = typeof event.count === "number" ? event.count + 1 : 2;
    return this.#client.merge(paths.events, event, { count, lastTimestamp: wholeSeconds() });
  }
}

function wholeSeconds(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
