import { createRedisBus, type EventBus, type NewEntry, streams } from "@burgee/event-bus";
import { startRedis } from "@burgee/service-kit/testing";
import { createLogger } from "@burgee/service-kit";
import type { Channel } from "./channel.ts";
import { alternate, type Bench, type Sample } from "./harness.ts";
import { openRawStream } from "./raw-stream.ts";
import { median, percentile } from "./statistics.ts";

/** Messages of one throughput sample; as many publishes are in flight at once as a busy service has. */
const messages = 20_000;
const inFlight = 64;
/** Messages of one latency sample, sent one after the other: enough for the last hundredth to be more than chance. */
const pings = 2_000;
const deadlineMs = 30_000;

/** Messages a second through publish, consumer group and acknowledgement, and the time from publish to handler. */
export const eventBus: Bench = {
  about: "event-bus on Redis streams against bare ioredis: same fields, COUNT 100, one XACK a batch, autopipelining",
  async run({ rounds, say }) {
    const redis = await startRedis();
    const raw = openRawStream(redis.url);
    const bus = createRedisBus({
      url: redis.url,
      log: createLogger({ name: "bench", level: "error" }),
      maxLength: 100_000,
    });
    try {
      const ours = channelOf(bus);
      const samples = await alternate(
        { ours: () => measureThroughput(ours), raw: () => measureThroughput(raw) },
        { rounds, say },
      );
      say("latency");
      const times = await measureLatency({ ours, raw }, rounds);
      const figures = {
        throughput: median(samples.ours.throughput ?? []),
        rawThroughput: median(samples.raw.throughput ?? []),
        p50Ms: times("ours", 0.5),
        rawP50Ms: times("raw", 0.5),
        p99Ms: times("ours", 0.99),
        rawP99Ms: times("raw", 0.99),
      };
      return {
        ratios: {
          throughputVsRaw: figures.throughput / figures.rawThroughput,
          p50VsRaw: figures.p50Ms / figures.rawP50Ms,
          p99VsRaw: figures.p99Ms / figures.rawP99Ms,
        },
        figures,
      };
    } finally {
      await bus.close();
      raw.close();
      await redis.stop();
    }
  },
};

/** Concurrency lets the bus acknowledge in batches, as the raw reader does. */
function channelOf(bus: EventBus): Channel {
  return {
    publish: (entry) => bus.publish(streams.analysisRequests, entry),
    async consume(handler) {
      const subscription = bus.consume(streams.analysisRequests, "bench", async () => handler(), {
        concurrency: 100,
        batch: 100,
      });
      await subscription.ready;
      return subscription;
    },
  };
}

async function measureThroughput(channel: Channel): Promise<Sample> {
  const all = Promise.withResolvers<void>();
  let received = 0;
  const subscription = await channel.consume(() => {
    if (++received === messages) all.resolve();
  });
  const startedAt = performance.now();
  let next = 0;
  const publisher = async (): Promise<void> => {
    while (next < messages) await channel.publish(entryOf(next++));
  };
  await Promise.all(Array.from({ length: inFlight }, publisher));
  await within(all.promise, () => `${received} of ${messages} messages arrived`);
  const seconds = (performance.now() - startedAt) / 1000;
  await subscription.stop();
  return { throughput: messages / seconds };
}

type Contender = "ours" | "raw";

/**
 * One message of ours, one of the other, and so on: whatever slows the machine down for a moment slows down both. Gives a percentile as its
 * median over the rounds, the first of which is for warming up.
 */
async function measureLatency(
  channels: Readonly<Record<Contender, Channel>>,
  rounds: number,
): Promise<(who: Contender, share: number) => number> {
  const [ours, raw] = await Promise.all([openPing(channels.ours), openPing(channels.raw)]);
  const times: Record<Contender, number[][]> = { ours: [], raw: [] };
  for (let round = 0; round <= rounds; round++) {
    const [ofOurs, ofRaw]: [number[], number[]] = [[], []];
    for (let i = 0; i < pings; i++) {
      ofOurs.push(await ours.ping(i));
      ofRaw.push(await raw.ping(i));
    }
    if (round === 0) continue;
    times.ours.push(ofOurs);
    times.raw.push(ofRaw);
  }
  await Promise.all([ours.stop(), raw.stop()]);
  return (who, share) => median(times[who].map((round) => percentile(round, share)));
}

/** `ping` gives the milliseconds from publish to handler and publish's own return, whichever is later. */
async function openPing(channel: Channel): Promise<{ ping(i: number): Promise<number>; stop(): Promise<void> }> {
  let arrived = Promise.withResolvers<void>();
  const subscription = await channel.consume(() => arrived.resolve());
  return {
    async ping(i) {
      arrived = Promise.withResolvers<void>();
      const startedAt = performance.now();
      await Promise.all([channel.publish(entryOf(i)), within(arrived.promise, () => `message ${i} did not arrive`)]);
      return performance.now() - startedAt;
    },
    stop: () => subscription.stop(),
  };
}

/** Rejects with what was seen when the promise takes longer than a healthy run ever does. */
async function within(promise: Promise<void>, seen: () => string): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new Error(`${seen()} within ${deadlineMs / 1000} s`)), deadlineMs);
  await Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

/** A hundred bytes of payload, as a small check has; several canaries at once. */
function entryOf(i: number): NewEntry {
  return {
    id: `5b1f9c2e-0000-4000-8000-000000000000/1/${i}`,
    key: `shop/canary-${i % 50}`,
    seq: i,
    type: "burgee.analysis.v1.AnalysisRequested",
    payload: new Uint8Array(110).fill(i % 256),
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
}
