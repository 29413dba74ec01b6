import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Delivery, type EventBus, streams } from "../bus.ts";
import { entry } from "../testing/contract-stage.ts";
import { createRedisBus } from "./redis-bus.ts";

vi.setConfig({ testTimeout: 20_000 });

let redis: TestRedis;
let bus: EventBus;
let got: Delivery[];
let log: ReturnType<typeof captureLogger>;
const keep = async (delivery: Delivery): Promise<void> => void got.push(delivery);
const ids = (): string[] => got.map(({ id }) => id);
const until = (condition: () => unknown) => waitFor(condition, { timeoutMs: 15_000, describe: ids });
const publishWhenUp = (id: string) => until(() => bus.publish(streams.alerts, entry(id)).then(() => true));

beforeEach(async () => {
  redis = await startRedis();
  log = captureLogger();
  bus = createRedisBus({ url: redis.url, log: log.log, timeoutMs: 300 });
  got = [];
});
afterEach(async () => {
  await bus.close();
  await redis.stop();
});

test("what was accepted and not delivered is not lost with the memory of Redis", async () => {
  for (const id of ["a", "b"]) await publishWhenUp(id);
  await redis.kill9();
  await redis.restart({ keepData: false });
  bus.consume(streams.alerts, "g", keep);
  await until(() => got.length === 2);
  expect(ids()).toEqual(["a", "b"]);
  expect(log.find("Redis came back without entries, which it was given again")).toMatchObject({ entries: 2 });
});

test("what a Redis with its memory is given again reaches nobody twice", async () => {
  await bus.consume(streams.alerts, "g", keep).ready;
  for (const id of ["a", "b"]) await publishWhenUp(id);
  await redis.kill9();
  await redis.restart({ keepData: true });
  await publishWhenUp("c");
  await until(() => ids().includes("c"));
  expect(ids()).toEqual(["a", "b", "c"]);
  expect(await bus.read(streams.alerts)).toHaveLength(3);
});

test("an entry given to a connection that broke is delivered at once, not after its idle time", async () => {
  const raw = new Redis(redis.url);
  await bus.consume(streams.alerts, "g", keep, { consumer: "me" }).ready;
  await publishWhenUp("a");
  await until(() => got.length === 1);
  // Given in this consumer's name, and lost on the way.
  await raw
    .multi()
    .xadd("{burgee}:alerts", "*", "id", "lost", "key", "a/b", "seq", "1", "type", "T", "payload", "x")
    .xreadgroup("GROUP", "g", "me", "COUNT", 10, "STREAMS", "{burgee}:alerts", ">")
    .exec();
  expect(ids()).toEqual(["a"]);
  await raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await until(() => got.length === 2);
  expect(got[1]).toMatchObject({ id: "lost" });
  await until(async () => (await bus.lag(streams.alerts, "g")) === 0);
  raw.disconnect();
});

test("a consumer whose hands are full of failed entries goes on when Redis comes back without a memory of them", async () => {
  const failing = async (delivery: Delivery): Promise<void> => {
    await keep(delivery);
    if (delivery.attempt === 1) throw new Error("not yet");
  };
  await bus.consume(streams.alerts, "g", failing, { batch: 1, retryDelayMs: 1_500 }).ready;
  await publishWhenUp("a");
  await until(() => got.length === 1);
  await redis.kill9();
  await redis.restart({ keepData: false });
  await publishWhenUp("b");
  await until(() => got.some(({ id, attempt }) => id === "b" && attempt === 2));
  expect(got).toContainEqual(expect.objectContaining({ id: "a", attempt: 2 }));
});
