import type { KubeObject } from "./object.ts";

/** client-go's limits, so that our events behave as people know them (client-go: tools/record/events_cache.go). */
const maxSimilar = 10;
const similarWindowMs = 600_000;
const burst = 25;
const refillMs = 300_000;
const cacheSize = 4096;

export interface CorrelatedEvent {
  /** Events with the same key are one Event whose count grows. */
  key: string;
  message: string;
}

/** Decides which of the events about an object are written, combined or dropped. */
export interface EventCorrelator {
  /** Undefined: dropped, the object has used up its burst. */
  correlate(e: {
    subject: string;
    type: string;
    reason: string;
    message: string;
    now: number;
  }): CorrelatedEvent | undefined;
}

export function createEventCorrelator(): EventCorrelator {
  const similar = boundedMap<{ messages: Set<string>; lastAt: number }>(cacheSize);
  const buckets = boundedMap<{ tokens: number; at: number }>(cacheSize);

  /** More than ten different messages of one kind within ten minutes become one combined event. */
  function aggregate(group: string, message: string, now: number): CorrelatedEvent {
    const known = similar.get(group);
    const record =
      known === undefined || now - known.lastAt > similarWindowMs
        ? { messages: new Set<string>(), lastAt: now }
        : known;
    record.messages.add(message);
    record.lastAt = now;
    similar.set(group, record);
    if (record.messages.size < maxSimilar) return { key: `${group}\0${message}`, message };
    const [oldest] = record.messages;
    if (oldest !== undefined) record.messages.delete(oldest);
    return { key: group, message: `(combined from similar events): ${message}` };
  }

  function hasToken(subject: string, now: number): boolean {
    const bucket = buckets.get(subject) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs);
    const taken = tokens >= 1;
    buckets.set(subject, { tokens: taken ? tokens - 1 : tokens, at: now });
    return taken;
  }

  return {
    correlate({ subject, type, reason, message, now }) {
      const combined = aggregate([subject, type, reason].join("\0"), message, now);
      return hasToken(subject, now) ? combined : undefined;
    },
  };
}

/** What identifies the object an event is about. */
export function subjectOf(object: KubeObject): string {
  const { apiVersion = "", kind = "", metadata } = object;
  return [apiVersion, kind, metadata.namespace ?? "", metadata.name, metadata.uid ?? ""].join("/");
}

/** A map that forgets the entry set longest ago when it is full. */
export function boundedMap<V>(size: number) {
  const entries = new Map<string, V>();
  return {
    get: (key: string) => entries.get(key),
    set(key: string, value: V): void {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > size && oldest !== undefined) entries.delete(oldest);
    },
  };
}
