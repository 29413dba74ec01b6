import type { BusState, EventBus, Subscription } from "@burgee/event-bus";
import type { Logger, Part } from "@burgee/service-kit";
import { timelineStreams } from "./timeline-entry.ts";
import { type PlacedEntry, readEntry } from "./timeline-history.ts";

/** One reader of each stream, however many browsers look on. */
export interface LiveTimeline extends Part {
  onEntry(listener: (placed: PlacedEntry) => void): () => void;
  /** Resolves when every entry published from now on will be heard; stays pending while the bus is down. */
  ready(): Promise<unknown>;
  onBus(listener: (state: BusState) => void): () => void;
}

/** Follows the streams of the timeline from its start on. */
export function createLiveTimeline(bus: EventBus, log: Logger): LiveTimeline {
  const listeners = new Set<(placed: PlacedEntry) => void>();
  let subscriptions: Subscription[] = [];
  return {
    name: "live timeline",
    start() {
      subscriptions = timelineStreams.map((stream) =>
        bus.follow(stream, (delivery) => {
          const entry = readEntry(stream, { delivery, log });
          if (entry === undefined) return;
          for (const listener of listeners) listener({ stream, offset: delivery.offset, entry });
        }),
      );
    },
    async stop() {
      await Promise.all(subscriptions.map((s) => s.stop()));
    },
    ready: () => Promise.all(subscriptions.map((s) => s.ready)),
    onEntry(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onBus: (listener) => bus.onState((state) => listener(state)),
  };
}
