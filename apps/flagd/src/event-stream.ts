import type { JsonObject } from "@bufbuild/protobuf";
import { changesBetween, type FlagStore, type Selector } from "@burgee/flag-sync";
import { createBell } from "./bell.ts";

/** What an event stream tells a provider. */
export interface FlagEvent {
  readonly type: "provider_ready" | "configuration_change" | "keep_alive" | "provider_shutdown";
  readonly data?: JsonObject;
}

/** Upstream's words for the end of a stream at its deadline. */
export const streamDeadlineMessage = "stream closed due to server-side timeout";

/** Ended by the server because `--stream-deadline` is over. */
export class StreamDeadline extends Error {
  override readonly name = "StreamDeadline";
}

export interface EventStreams {
  /** Ends with the signal, after `provider_shutdown`, or with {@link StreamDeadline}. */
  open(selector: Selector, signal: AbortSignal): AsyncGenerator<FlagEvent>;
  /** Says goodbye on every stream. */
  shutdown(): void;
}

/** What the streams tell of, and how long they live. Times are milliseconds. */
export interface EventStreamOptions {
  readonly store: FlagStore;
  /** 0: none. */
  readonly deadlineMs: number;
  /** Silence after which `keep_alive` is sent. */
  readonly keepAliveMs: number;
}

/**
 * Each stream remembers the flags that its client was told about. A client that is slow to read is told later, and then once about
 * everything that changed meanwhile, so nothing queues up for it.
 */
export function createEventStreams({ store, deadlineMs, keepAliveMs }: EventStreamOptions): EventStreams {
  const ending = new AbortController();

  async function* open(selector: Selector, signal: AbortSignal): AsyncGenerator<FlagEvent> {
    const deadline = deadlineMs === 0 ? undefined : AbortSignal.timeout(deadlineMs);
    let told = store.snapshot().view(selector);
    const bell = createBell([signal, deadline, ending.signal]);
    const stopListening = store.onChange(bell.ring);
    try {
      yield { type: "provider_ready", data: {} };
      while (true) {
        const rung = await bell.heard(keepAliveMs);
        if (signal.aborted) return;
        if (deadline?.aborted === true) throw new StreamDeadline(streamDeadlineMessage);
        if (ending.signal.aborted) {
          yield { type: "provider_shutdown", data: {} };
          return;
        }
        if (!rung) {
          yield { type: "keep_alive" };
          continue;
        }
        const now = store.snapshot().view(selector);
        const changes = Object.entries(changesBetween(told, now));
        told = now;
        if (changes.length === 0) continue;
        const flags: JsonObject = Object.fromEntries(changes.map(([key, type]) => [key, { type }]));
        yield { type: "configuration_change", data: { flags } };
      }
    } finally {
      stopListening();
      bell.close();
    }
  }

  return { open, shutdown: () => ending.abort() };
}
