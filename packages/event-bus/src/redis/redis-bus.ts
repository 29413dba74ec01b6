import { randomBytes } from "node:crypto";
import { type Logger, type Metrics, messageOf, redactText, type Secret } from "@burgee/service-kit";
import {
  type BusState,
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
import { GroupWork } from "../group-work.ts";
import { createBusMetrics, type LagSource } from "../metrics.ts";
import { consumeSettings, defaultMaxLength, hardLimitFactor } from "../settings.ts";
import { activeTraceparent } from "../trace.ts";
import { connect, isGroupMissing, redisUrl, whenReady } from "./connection.ts";
import { startConsumer } from "./consumer.ts";
import { decodeEntry, encodeFields } from "./entry-codec.ts";
import { startFollower } from "./follower.ts";
import { acknowledge, bury, type GroupOfStream, groupLag, touch } from "./group-keys.ts";
import { createPublishScript, type PublishResult, type PublishScript, runPublishScript } from "./publish-script.ts";
import { RecentEntries } from "./recent-entries.ts";
import { Writer } from "./writer.ts";

/** Which Redis, and how much a stream may hold there. */
export interface RedisBusOptions {
  /** `redis://` or `rediss://`; user and password may be in it. */
  readonly url: string | Secret;
  readonly log: Logger;
  /** Before every key. Default `{burgee}:`. */
  readonly prefix?: string;
  /** Entries that a stream keeps about, once all groups have read them. Default 10 000. */
  readonly maxLength?: number;
  /** From here on publishers get `full`. Default: ten times `maxLength`. */
  readonly hardLimit?: number;
  /** How long publish, read and lag wait for Redis. Default 2 000. */
  readonly timeoutMs?: number;
  readonly metrics?: Metrics;
}

/** Streams in Redis. Connects in the background and reconnects for ever; only a malformed URL throws (EventBusError `bad_url`). */
export function createRedisBus(o: RedisBusOptions): EventBus {
  const url = redisUrl(o.url);
  const prefix = o.prefix ?? "{burgee}:";
  const maxLength = o.maxLength ?? defaultMaxLength;
  const hardLimit = o.hardLimit ?? maxLength * hardLimitFactor;
  const lags = new Set<LagSource>();
  const metrics = createBusMetrics(o.metrics, lags);
  const instance = randomBytes(4).toString("hex");
  let connections = 0;
  const open = (kind: string) =>
    connect(url, { name: `burgee-${instance}-${kind}-${++connections}`, autoPipelining: kind === "writer" });
  const client = open("writer");
  const writer = new Writer(client, {
    timeoutMs: o.timeoutMs ?? 2_000,
    log: o.log,
    onState: (state) => metrics.up(state === "up"),
  });
  const recent = new RecentEntries(client, o.log);
  const subscriptions = new Set<Subscription>();
  const keyOf = (stream: string): string => `${prefix}${stream}`;
  const scripts = new Map<number, PublishScript>();
  const scriptFor = (windowMs: number): PublishScript => {
    const script = scripts.get(windowMs) ?? createPublishScript({ windowMs, maxLength, hardLimit });
    scripts.set(windowMs, script);
    return script;
  };

  const track = (subscription: Subscription, forget = (): void => {}): Subscription => {
    const tracked = {
      ready: subscription.ready,
      async stop() {
        subscriptions.delete(tracked);
        forget();
        await subscription.stop();
      },
    };
    subscriptions.add(tracked);
    return tracked;
  };

  async function publish(stream: StreamName, entry: NewEntry): Promise<void> {
    const traceparent = entry.traceparent ?? activeTraceparent();
    const streamKey = keyOf(stream);
    const windowMs = duplicateWindowMs[stream];
    const call = {
      script: scriptFor(windowMs),
      streamKey,
      ...(windowMs > 0 ? { seenKey: `${streamKey}:id:${entry.id}` } : {}),
      fields: encodeFields(traceparent === undefined ? entry : { ...entry, traceparent }),
    };
    let result: PublishResult;
    try {
      result = await writer.run(`publish to ${stream}`, () => runPublishScript(client, call));
    } catch (error) {
      metrics.published(stream, "unavailable");
      throw error;
    }
    metrics.published(stream, result);
    if (result !== "full") return recent.add(call, windowMs);
    throw new EventBusError(
      "full",
      `stream ${stream} holds ${hardLimit} entries, expected fewer; a consumer group does not finish them: see XINFO GROUPS ${streamKey}`,
    );
  }

  function consume(stream: StreamName, group: string, handler: ConsumeHandler, options?: ConsumeOptions): Subscription {
    writer.assertOpen();
    const { consumer: name, ...settings } = consumeSettings(options);
    const keys: GroupOfStream = {
      client,
      streamKey: keyOf(stream),
      deadKey: keyOf(deadLetterStream(stream)),
      deadLength: maxLength,
      group,
      consumer: name,
    };
    const port = {
      acknowledge: (offsets: readonly string[]) => acknowledge(keys, offsets),
      bury: (delivery: Delivery, failure: string) => bury(keys, delivery, failure),
      // An emptied Redis has nothing to hold. Waiting for the group would be for ever: it is made before a read, which waits for these.
      hold: (deliveries: readonly Delivery[]) => touch(keys, deliveries).catch(unlessGroupMissing),
      // As old as a dead consumer's: the next one that looks takes them over.
      release: (deliveries: readonly Delivery[]) => touch(keys, deliveries, settings.reclaimIdleMs),
      reachable: (signal: AbortSignal) => whenReady(client, signal),
    };
    const work = new GroupWork({ stream, group, handler, port, settings, log: o.log, metrics });
    const source: LagSource = { stream, group, lag: () => lag(stream, group).catch(() => undefined) };
    lags.add(source);
    const consumer = startConsumer({ group: keys, reader: open("reader"), work, log: o.log, ...settings });
    return track(consumer, () => lags.delete(source));
  }

  function follow(stream: StreamName, handler: FollowHandler, { from = "now" }: FollowOptions = {}): Subscription {
    writer.assertOpen();
    return track(
      startFollower({ stream, streamKey: keyOf(stream), reader: open("reader"), handler, from, log: o.log }),
    );
  }

  async function read(stream: StreamName | DeadLetterStream, options: ReadOptions = {}): Promise<Delivery[]> {
    const newest = options.before === undefined ? "+" : `(${options.before}`;
    const entries: unknown = await writer.run(`read ${stream}`, () =>
      client.xrevrangeBuffer(keyOf(stream), newest, "-", "COUNT", options.count ?? 100),
    );
    return (Array.isArray(entries) ? entries : []).flatMap((entry) => decodeEntry(entry, 1) ?? []);
  }

  function lag(stream: StreamName, group: string): Promise<number> {
    return writer.run(`read the lag of ${stream}`, () => groupLag(client, keyOf(stream), group));
  }

  return {
    publish,
    consume,
    follow,
    read,
    lag,
    state: () => writer.state,
    onState: (fn: (state: BusState, reason?: string) => void) => writer.onState(fn),
    async close() {
      const stopped = await Promise.allSettled([...subscriptions].map((subscription) => subscription.stop()));
      for (const each of stopped) {
        if (each.status === "rejected")
          o.log.debug({ err: redactText(messageOf(each.reason)) }, "subscription did not stop cleanly");
      }
      await writer.close();
    },
  };
}

function unlessGroupMissing(error: unknown): void {
  if (!isGroupMissing(error)) throw error;
}
