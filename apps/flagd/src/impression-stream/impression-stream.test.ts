import { fromBinary } from "@bufbuild/protobuf";
import { FlagImpressionsSchema } from "@burgee/contracts/gen/burgee/flags/v1/flags_pb";
import { createRedisBus, type EventBus, streams } from "@burgee/event-bus";
import { testFlags } from "@burgee/flag-sync/testing";
import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "../testing/flagd-process.ts";

let redis: TestRedis;
let bus: EventBus;
let flagd: TestFlagd;

beforeAll(async () => {
  redis = await startRedis();
  bus = createRedisBus({ url: redis.url, log: captureLogger().log });
  flagd = await startFlagd(testFlags, ["--redis-url", redis.url, "--impressions-interval", "1s"]);
});
afterAll(async () => {
  await bus.close();
  await redis.stop();
});

/** Sums over all entries, and how many entries there are. */
async function published(): Promise<{ entries: number; counts: Record<string, number> }> {
  const deliveries = await bus.read(streams.flagImpressions);
  const counts: Record<string, number> = {};
  for (const { payload, key } of deliveries) {
    const message = fromBinary(FlagImpressionsSchema, payload);
    expect(message.instance).toBe(key);
    for (const { flagKey, variant, reason, count } of message.impressions) {
      const name = `${flagKey} ${variant} ${reason}`;
      counts[name] = (counts[name] ?? 0) + Number(count);
    }
  }
  return { entries: deliveries.length, counts };
}

async function ask(flagKey: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const answer = await flagd.call("/flagd.evaluation.v1.Service/ResolveString", { flagKey, context: {} });
    expect(answer.status).toBe(200);
  }
}

async function arrive(counts: Record<string, number>): Promise<void> {
  let seen: unknown;
  const equal = async (): Promise<boolean> => {
    const now = await published().catch((error: unknown) => ({ counts: { error: String(error) } }));
    seen = now.counts;
    return JSON.stringify(seen) === JSON.stringify(counts);
  };
  await waitFor(equal, { timeoutMs: 15_000, describe: () => JSON.stringify(seen) });
}

it("counts reach the stream in intervals, none twice and none lost while Redis is away, the rest at the end", async () => {
  await ask("greeting", 3);
  await arrive({ "greeting long STATIC": 3 });
  await ask("greeting", 2);
  await arrive({ "greeting long STATIC": 5 });

  await redis.kill9();
  // Flags are served all the same.
  await ask("greeting", 4);
  await redis.restart({ keepData: false });
  // The bus publishes again what Redis forgot.
  await arrive({ "greeting long STATIC": 9 });

  await ask("greeting", 1);
  await flagd.stop();
  expect((await published()).counts).toEqual({ "greeting long STATIC": 10 });
});
