// A million messages (scaled by BURGEE_TEST_SCALE) between two processes: all arrive, and nobody's memory grows.
import { join } from "node:path";
import { startProcess, startRedis } from "@burgee/service-kit/testing";
import { Redis } from "ioredis";
import { expect, test } from "vitest";

const messages = Math.round(1_000_000 * Number(process.env.BURGEE_TEST_SCALE ?? "0.05"));

test(`${messages} messages pass, and the memory of producer, consumer and Redis stays as it is`, async () => {
  const redis = await startRedis();
  const raw = new Redis(redis.url);
  const worker = join(import.meta.dirname, "../testing/soak-worker.ts");
  const start = (role: string) =>
    startProcess(process.execPath, ["--expose-gc", worker, role, redis.url, String(messages)]);
  const [consumer, producer] = await Promise.all([start("consume"), start("produce")]);
  const redisMiB = async () => Number(/used_memory:(\d+)/.exec(await raw.info("memory"))?.[1]) / 2 ** 20;

  const ends = await Promise.all([producer.exit, consumer.exit]);
  expect(
    ends.map(({ code }) => code),
    producer.output() + consumer.output(),
  ).toEqual([0, 0]);
  const seen: Record<string, { heap: number; rss: number }[]> = {
    producer: JSON.parse(producer.output()),
    consumer: JSON.parse(consumer.output()),
  };
  const redisEnd = await redisMiB();
  // For whoever runs it at a scale of their own.
  if (process.env.BURGEE_TEST_SCALE) console.info(JSON.stringify({ ...seen, redisMiB: redisEnd }));
  for (const [who, tenths] of Object.entries(seen)) {
    // Warm after the second tenth; the system is slow to take pages back, so that resident memory is looked at later.
    const growth = (what: "heap" | "rss", from: number) =>
      Math.max(...tenths.slice(from).map((tenth) => tenth[what])) - (tenths[from]?.[what] ?? 0);
    expect(tenths).toHaveLength(10);
    expect(growth("heap", 1), `heap of the ${who}: ${JSON.stringify(tenths)}`).toBeLessThan(8);
    expect(growth("rss", 5), `memory of the ${who}: ${JSON.stringify(tenths)}`).toBeLessThan(64);
  }
  // Ten thousand entries of 300 bytes, and what the server itself takes.
  expect(redisEnd).toBeLessThan(32);
  raw.disconnect();
  await redis.stop();
}, 600_000);
