// Traffic that goes on while connections are cut, Redis hangs, dies and comes back, and consumers come and go.
import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ConsumeOptions, type Delivery, deadLetterStream, type EventBus, streams } from "../bus.ts";
import { EventBusError } from "../event-bus-error.ts";
import { entry } from "../testing/contract-stage.ts";
import { createRedisBus, type RedisBusOptions } from "./redis-bus.ts";

vi.setConfig({ testTimeout: 300_000 });

const scale = Number(process.env.BURGEE_TEST_SCALE ?? "0.05");
const total = Math.round(40_000 * scale);
const key = "{burgee}:alerts";
const inFlight = 16;

let redis: TestRedis;
let raw: Redis;
let buses: EventBus[];
/** How often each id was delivered. */
let seen: Map<string, number>;
const log = captureLogger();

beforeEach(async () => {
  redis = await startRedis();
  raw = new Redis(redis.url);
  raw.on("error", () => {});
  buses = [];
  seen = new Map();
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  raw.disconnect();
  await redis.stop();
});

function newBus(o: Partial<RedisBusOptions> = {}): EventBus {
  const bus = createRedisBus({
    url: redis.url,
    log: log.log,
    timeoutMs: 500,
    maxLength: 200,
    hardLimit: 100_000,
    ...o,
  });
  buses.push(bus);
  return bus;
}

async function handle({ id, attempt }: Delivery): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (id.startsWith("poison") || (id.endsWith("9") && attempt === 1)) throw new Error("cannot");
  seen.set(id, (seen.get(id) ?? 0) + 1);
}

const options: ConsumeOptions = { concurrency: 8, reclaimIdleMs: 600, retryDelayMs: 10, maxDeliveries: 7, batch: 20 };
const join = (bus: EventBus) => bus.consume(streams.alerts, "g", handle, options);

/** Publishes until accepted, as services do that keep what they have to tell. Gives how often it was refused, by code. */
async function publishAll(bus: EventBus, ids: readonly string[]): Promise<Record<string, number>> {
  const refused: Record<string, number> = {};
  const left = [...ids];
  const publisher = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const news = entry(id, { key: `shop/${id.slice(-1)}` });
      await waitFor(
        () =>
          bus.publish(streams.alerts, news).then(
            () => true,
            (error: unknown) => {
              if (!(error instanceof EventBusError)) throw error;
              refused[error.code] = (refused[error.code] ?? 0) + 1;
              return false;
            },
          ),
        { timeoutMs: 60_000 },
      );
    }
  };
  await Promise.all(Array.from({ length: inFlight }, publisher));
  return refused;
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `e${i}`);
const missing = (ids: readonly string[]) => ids.filter((id) => !seen.has(id));
const allSeen = (ids: readonly string[]) =>
  waitFor(() => missing(ids).length === 0, { timeoutMs: 60_000, describe: () => missing(ids).slice(0, 20) });
const progress = (count: number) =>
  waitFor(() => seen.size >= count, { timeoutMs: 60_000, describe: () => `${seen.size} of ${count}` });

/** Everybody's connection but that of the test. */
const cutAll = () => raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

const troubles: Record<string, () => Promise<unknown>> = {
  "all connections are cut": cutAll,
  "Redis hangs for a moment": () => raw.client("PAUSE", 300),
  "a consumer takes entries and dies": () => raw.xreadgroup("GROUP", "g", "dead", "COUNT", 30, "STREAMS", key, ">"),
  "Redis is killed and comes back with its memory": async () => {
    await redis.kill9();
    await redis.restart({ keepData: true });
  },
  "a consumer leaves": async () => {
    await buses.pop()?.close();
  },
  "a consumer joins": async () => {
    await join(newBus()).ready;
  },
  "all connections are cut twice": () => cutAll().then(cutAll),
};

describe("nothing is lost", () => {
  test(`of ${total} entries while ${Object.keys(troubles).join(", ")}`, async () => {
    const producer = newBus();
    for (const bus of [newBus(), newBus()]) await join(bus).ready;
    const poison = ["poison1", "poison2"];
    const ids = numbered(total);
    const publishing = publishAll(producer, [...ids.slice(0, total / 2), ...poison, ...ids.slice(total / 2)]);
    const names = Object.keys(troubles);
    for (const [index, trouble] of Object.values(troubles).entries()) {
      await progress((total * (index + 1)) / (names.length + 2));
      await trouble();
    }
    await publishing;
    await allSeen(ids);
    await waitFor(async () => (await producer.lag(streams.alerts, "g")) === 0, { timeoutMs: 60_000 });
    const letters = await producer.read(deadLetterStream(streams.alerts));
    expect(new Set(letters.map(({ id }) => id))).toEqual(new Set(poison));
    await publishAll(
      producer,
      numbered(300).map((id) => `after-${id}`),
    );
    expect(await raw.xlen(key)).toBeLessThan(600);
  });

  test("when Redis comes back empty again and again", async () => {
    const producer = newBus();
    await join(newBus()).ready;
    const ids = numbered(total / 4);
    const publishing = publishAll(producer, ids);
    for (const share of [0.2, 0.4, 0.6]) {
      await progress(ids.length * share);
      await redis.kill9();
      await redis.restart({ keepData: false });
    }
    await publishing;
    await allSeen(ids);
  });

  test("when producers outrun consumers: they are told that the stream is full, which never grows beyond its limit", async () => {
    const hardLimit = 300;
    const producer = newBus({ maxLength: 100, hardLimit });
    const ids = numbered(total / 2);
    await raw.xgroup("CREATE", key, "g", "0", "MKSTREAM");
    const publishing = publishAll(producer, ids);
    await waitFor(async () => (await raw.xlen(key)) >= hardLimit);
    const lengths: number[] = [];
    producer.consume(
      streams.alerts,
      "g",
      async (delivery) => {
        lengths.push(await raw.xlen(key));
        await handle({ ...delivery, attempt: 2 });
      },
      { batch: 10 },
    );
    expect(await publishing).toMatchObject({ full: expect.any(Number) });
    await allSeen(ids);
    expect(Math.max(...lengths)).toBe(hardLimit);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });
});

test("connections cut at any moment delay an entry, but not until its idle time is over", async () => {
  const producer = newBus();
  const patient = { ...options, reclaimIdleMs: 3_600_000 };
  producer.consume(streams.alerts, "g", (delivery) => handle({ ...delivery, attempt: 2 }), patient);
  const ids = numbered(total);
  const publishing = publishAll(producer, ids);
  for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    await progress(ids.length * share);
    await cutAll();
  }
  await publishing;
  await allSeen(ids);
});
