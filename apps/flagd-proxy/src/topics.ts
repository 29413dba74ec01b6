import type { Logger } from "@burgee/service-kit";
import type { ProxyMetrics } from "./metrics.ts";
import { parseProxySelector } from "./selector.ts";
import { createTopic, type Subscriber, type Topic } from "./topic.ts";
import type { OpenUpstream } from "./upstream.ts";

/** Where flags come from, and who may ask for them. */
export interface TopicsOptions {
  readonly open: OpenUpstream;
  /** How long a watch outlives its last subscriber. */
  readonly lingerMs: number;
  /** Of all selectors together; more are refused. */
  readonly maxSubscriptions: number;
  /** Whether `file:` selectors are served. */
  readonly allowFiles: boolean;
  readonly log: Logger;
  readonly metrics: ProxyMetrics;
}

/** All topics by selector, as the subscribers wrote it. */
export interface Topics {
  /** Either the subscriber is served until it leaves by the returned function, or it has been told why not. */
  subscribe(selector: string, subscriber: Subscriber): () => void;
  /** The flags of a selector once. Rejects with Error in upstream's words. */
  fetch(selector: string, o: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<string>;
  /** Ends every subscription in good order; later ones end at once. */
  close(): void;
}

/** No topics yet; each begins with its first subscriber. */
export function createTopics(o: TopicsOptions): Topics {
  const topics = new Map<string, Topic>();
  let subscriptions = 0;
  let closed = false;

  function topicFor(selector: string): Topic | { problem: string } {
    const existing = topics.get(selector);
    if (existing !== undefined) return existing;
    const parsed = parseProxySelector(selector, { allowFiles: o.allowFiles });
    if ("problem" in parsed) return parsed;
    const topic = createTopic({
      selector,
      lingerMs: o.lingerMs,
      follow: (signal, onEvent) => o.open(parsed, signal, onEvent),
      onClose: () => topics.delete(selector),
      log: o.log,
      metrics: o.metrics,
    });
    topics.set(selector, topic);
    return topic;
  }

  function refuse(subscriber: Subscriber, message: string): () => void {
    o.metrics.failures.inc();
    subscriber.fail(message);
    return () => undefined;
  }

  function subscribe(selector: string, subscriber: Subscriber): () => void {
    if (closed) {
      subscriber.end();
      return () => undefined;
    }
    if (subscriptions >= o.maxSubscriptions)
      return refuse(subscriber, `there are ${subscriptions} subscriptions already, no more are taken`);
    const topic = topicFor(selector);
    if ("problem" in topic) return refuse(subscriber, topic.problem);
    let counted = true;
    o.metrics.subscriptions.set(++subscriptions);
    const uncount = (): void => {
      if (!counted) return;
      counted = false;
      o.metrics.subscriptions.set(--subscriptions);
    };
    const leave = topic.subscribe({
      deliver: (version) => subscriber.deliver(version),
      fail(message) {
        uncount();
        refuse(subscriber, message);
      },
      end() {
        uncount();
        subscriber.end();
      },
    });
    return () => {
      uncount();
      leave();
    };
  }

  return {
    subscribe,
    async fetch(selector, { timeoutMs, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const leave = subscribe(selector, {
        deliver: ({ raw }) => resolve(raw),
        fail: (message) => reject(new Error(`error fetching all flags from sync store: ${message}`)),
        end: () => reject(new Error("the proxy is stopping")),
      });
      const late = setTimeout(
        () => reject(new Error(`fetching all flags timed out after ${timeoutMs / 1_000} seconds`)),
        timeoutMs,
      );
      const onAbort = (): void => reject(new Error("the caller is gone"));
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await promise;
      } finally {
        clearTimeout(late);
        signal.removeEventListener("abort", onAbort);
        leave();
      }
    },
    close() {
      closed = true;
      for (const topic of [...topics.values()]) topic.close();
    },
  };
}
