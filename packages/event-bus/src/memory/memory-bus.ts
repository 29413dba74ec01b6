import { type Logger, type Metrics, messageOf } from "@burgee/service-kit";
import {
  type ConsumeHandler,
  type ConsumeOptions,
  type DeadLetterStream,
  type Delivery,
  deadLetterStream,
  duplicateWindowMs,
  type EventBus,
  type FollowHandler,
  type FollowOptions,
  type NewEntry,
  type ReadOptions,
  type StreamName,
  type Subscription,
} from "../bus.ts";
import { EventBusError } from "../event-bus-error.ts";
import type { GroupPort } from "../group-port.ts";
import { GroupWork } from "../group-work.ts";
import { createBusMetrics, type LagSource } from "../metrics.ts";
import { consumeSettings, defaultMaxLength, hardLimitFactor } from "../settings.ts";
import { activeTraceparent } from "../trace.ts";
import { MemoryStream, toDelivery } from "./memory-stream.ts";

/** What several buses in one process share, as several services share a Redis. */
export class MemoryStreams {
  readonly #streams = new Map<string, MemoryStream>();

  get(name: StreamName | DeadLetterStream): MemoryStream {
    const known = this.#streams.get(name) ?? new MemoryStream();
    this.#streams.set(name, known);
    return known;
  }
}

/** Which streams, and how much one may hold. */
export interface MemoryBusOptions {
  readonly log: Logger;
  /** Those of another bus, to share them. Default: new ones. */
  readonly streams?: MemoryStreams;
  readonly metrics?: Metrics;
  /** As for Redis. Default 10 000. */
  readonly maxLength?: number;
  /** Default: ten times `maxLength`. */
  readonly hardLimit?: number;
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** Streams inside this process, for a single-process stack and for tests. It is always up and forgets everything at exit. */
export function createMemoryBus(o: MemoryBusOptions): EventBus {
  const store = o.streams ?? new MemoryStreams();
  const maxLength = o.maxLength ?? defaultMaxLength;
  const limits = { maxLength, hardLimit: o.hardLimit ?? maxLength * hardLimitFactor };
  const now = o.now ?? Date.now;
  const lags = new Set<LagSource>();
  const metrics = createBusMetrics(o.metrics, lags);
  const subscriptions = new Set<Subscription>();
  let closed = false;
  metrics.up(true);

  const open = (): void => {
    if (closed) throw new EventBusError("closed", "the bus is closed");
  };
  const track = (subscription: Subscription): Subscription => {
    subscriptions.add(subscription);
    return subscription;
  };

  return {
    async publish(stream: StreamName, entry: NewEntry) {
      open();
      const traceparent = entry.traceparent ?? activeTraceparent();
      const stored = {
        ...entry,
        payload: entry.payload.slice(),
        ...(traceparent === undefined ? {} : { traceparent }),
      };
      const result = store.get(stream).add(stored, { ...limits, windowMs: duplicateWindowMs[stream], now: now() });
      metrics.published(stream, result);
      if (result === "full") {
        throw new EventBusError(
          "full",
          `stream ${stream} holds ${limits.hardLimit} entries that a group has not finished`,
        );
      }
    },

    consume(stream: StreamName, group: string, handler: ConsumeHandler, options?: ConsumeOptions): Subscription {
      open();
      const { consumer, ...settings } = consumeSettings(options);
      const source = store.get(stream);
      source.joinGroup(group);
      const dead = store.get(deadLetterStream(stream));
      const port: GroupPort = {
        acknowledge: async (offsets) => source.acknowledge(group, offsets),
        async bury(delivery, failure) {
          const { offset, ...entry } = delivery;
          dead.add({ ...entry, failure }, { maxLength, hardLimit: Number.POSITIVE_INFINITY, windowMs: 0, now: now() });
          source.acknowledge(group, [offset]);
        },
        async hold(deliveries) {
          for (const { offset, attempt } of deliveries) source.hold(group, offset, attempt);
        },
        release: async (deliveries) =>
          source.release(
            group,
            deliveries.map(({ offset }) => offset),
          ),
        reachable: async () => {},
      };
      const work = new GroupWork({ stream, group, handler, port, settings, log: o.log, metrics });
      lags.add({ stream, group, lag: async () => source.lag(group) });
      const loop = readLoop(source, async () => {
        await work.room();
        const taken = source.take(group, consumer, settings.batch);
        work.add(taken);
        return taken.length > 0;
      });
      return track({
        ready: Promise.resolve(),
        async stop() {
          loop.stop();
          await work.stop();
        },
      });
    },

    follow(stream: StreamName, handler: FollowHandler, options: FollowOptions = {}): Subscription {
      open();
      const source = store.get(stream);
      const { from = "now" } = options;
      let cursor = from === "now" ? source.lastOffset : from === "start" ? 0 : Number(from);
      const loop = readLoop(source, async () => {
        const [next] = source.after(cursor, 1);
        if (next === undefined) return false;
        cursor = next.offset;
        try {
          await handler(toDelivery(next, 1));
        } catch (error) {
          o.log.warn({ stream, id: next.entry.id, err: messageOf(error) }, "follower failed");
        }
        return true;
      });
      return track({
        ready: Promise.resolve(),
        async stop() {
          loop.stop();
          await loop.ended;
        },
      });
    },

    async read(stream: StreamName | DeadLetterStream, options: ReadOptions = {}): Promise<Delivery[]> {
      open();
      const before = options.before === undefined ? Number.POSITIVE_INFINITY : Number(options.before);
      return store.get(stream).before(before, options.count ?? 100);
    },
    state: () => (closed ? "down" : "up"),
    onState: () => () => {},
    async lag(stream: StreamName, group: string) {
      open();
      return store.get(stream).lag(group);
    },
    async close() {
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      metrics.up(false);
    },
  };
}

/** Calls `step` until it finds nothing, and again with every change of the stream. */
function readLoop(source: MemoryStream, step: () => Promise<boolean>): { stop(): void; readonly ended: Promise<void> } {
  let running = true;
  let wake = (): void => {};
  const off = source.onChange(() => wake());
  const run = async (): Promise<void> => {
    // The first look comes after the subscription was returned to its owner.
    await Promise.resolve();
    while (running) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!(await step()) && running) await changed;
    }
  };
  return {
    stop() {
      running = false;
      off();
      wake();
    },
    ended: run(),
  };
}
