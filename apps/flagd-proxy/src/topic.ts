import type { Logger } from "@burgee/service-kit";
import type { ProxyMetrics } from "./metrics.ts";
import type { UpstreamEvent } from "./upstream.ts";
import { encodeVersion, type FlagVersion } from "./version.ts";

/** Somebody who wants every version of a selector's flags, the newest at least. */
export interface Subscriber {
  deliver(version: FlagVersion): void;
  /** The subscription is over with this message. */
  fail(message: string): void;
  /** The subscription is over because the proxy stops. */
  end(): void;
}

/** The flags of one selector, and how they are followed. */
export interface TopicOptions {
  readonly selector: string;
  /** How long the watch outlives the last subscriber. */
  readonly lingerMs: number;
  /** Begins to follow the flags; called once. */
  readonly follow: (signal: AbortSignal, onEvent: (event: UpstreamEvent) => void) => void;
  /** Called when the topic is over: from then on nobody may subscribe to it. */
  readonly onClose: () => void;
  readonly log: Logger;
  readonly metrics: ProxyMetrics;
}

/** One selector: one upstream watch and everybody who listens to it. */
export interface Topic {
  /** Returns how to leave. */
  subscribe(subscriber: Subscriber): () => void;
  /** Ends every subscription in good order. */
  close(): void;
}

/**
 *   starting ──document──► live ⇄ lost (API away: the last version serves)
 *      │                     ⇅
 *      │ missing, down      deleted (the last version stays with those who have it; whoever comes new is refused)
 *      ▼
 *   failed: every subscriber is told, the topic is gone
 *
 * Whoever is registered here has a running watch behind him or has been told that it is over.
 */
export function createTopic(o: TopicOptions): Topic {
  const { selector, log, metrics } = o;
  const subscribers = new Set<Subscriber>();
  const stop = new AbortController();
  let current: FlagVersion | undefined;
  let deleted: string | undefined;
  let lost = false;
  let linger: NodeJS.Timeout | undefined;

  const close = (end: (subscriber: Subscriber) => void): void => {
    if (stop.signal.aborted) return;
    clearTimeout(linger);
    metrics.watches.dec();
    // First nobody new can come, then those who are here are told.
    o.onClose();
    stop.abort();
    for (const subscriber of [...subscribers]) end(subscriber);
    subscribers.clear();
    log.debug({ selector }, "watch closed");
  };

  const closeWhenLonely = (): void => {
    clearTimeout(linger);
    // While the API is away the last version could not be fetched again: keep it until it can.
    if (subscribers.size > 0 || lost || stop.signal.aborted) return;
    linger = setTimeout(() => close(() => undefined), o.lingerMs);
  };

  const onEvent = (event: UpstreamEvent): void => {
    if (stop.signal.aborted) return;
    if (event.kind === "document") {
      current = encodeVersion(event.raw);
      deleted = undefined;
      metrics.versions.inc();
      for (const subscriber of subscribers) subscriber.deliver(current);
    }
    if ((event.kind === "missing" || event.kind === "down") && current === undefined) {
      log.error({ selector, reason: event.message }, "flags cannot be fetched, subscribers are told");
      close((subscriber) => subscriber.fail(`error with the initial fetch: ${event.message}`));
      return;
    }
    if (event.kind === "missing") {
      deleted = event.message;
      log.warn({ selector }, "flags were deleted, the last version stays in force");
    }
    const wasLost = lost;
    lost = event.kind === "down";
    if (lost && !wasLost)
      log.warn(
        { selector, reason: event.kind === "down" ? event.message : "" },
        "flags are not followed, the last version serves",
      );
    if (wasLost && !lost) {
      log.info({ selector }, "flags are followed again");
      closeWhenLonely();
    }
  };

  metrics.watches.inc();
  o.follow(stop.signal, onEvent);
  return {
    subscribe(subscriber) {
      if (stop.signal.aborted) {
        subscriber.fail(`the watch of ${selector} has just ended, subscribe again`);
        return () => undefined;
      }
      if (deleted !== undefined) {
        subscriber.fail(`unable to fetch flag configuration: ${deleted}`);
        return () => undefined;
      }
      clearTimeout(linger);
      subscribers.add(subscriber);
      if (current !== undefined) subscriber.deliver(current);
      return () => {
        if (subscribers.delete(subscriber)) closeWhenLonely();
      };
    },
    close: () => close((subscriber) => subscriber.end()),
  };
}
