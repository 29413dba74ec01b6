import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Delivery, deadLetterStream, type EventBus, streams } from "../bus.ts";
import { entry } from "../testing/contract-stage.ts";
import { createRedisBus, type RedisBusOptions } from "./redis-bus.ts";

vi.setConfig({ testTimeout: 20_000 });

let redis: TestRedis;
let bus: EventBus;
let got: Delivery[];
const log = captureLogger();
const keep = async (delivery: Delivery): Promise<void> => void got.push(delivery);
const ids = (): string[] => got.map(({ id }) => id);
const newBus = (o: Partial<RedisBusOptions> = {}) =>
  createRedisBus({ url: redis.url, log: log.log, timeoutMs: 300, ...o });
const until = (condition: () => unknown) => waitFor(condition, { timeoutMs: 15_000, describe: ids });
const publishWhenUp = (id: string) => until(() => bus.publish(streams.alerts, entry(id)).then(() => true));

/** Not by a bus, which would give it to an emptied Redis again. */
async function addRaw(id: string, offset: string): Promise<void> {
  const raw = new Redis(redis.url);
  await raw.xadd("{burgee}:alerts", offset, "id", id, "key", "a/b", "seq", "1", "type", "T", "payload", "x");
  raw.disconnect();
}

beforeEach(async () => {
  redis = await startRedis({ args: ["--enable-debug-command", "local"] });
  bus = newBus();
  got = [];
});
afterEach(async () => {
  await bus.close();
  await redis.stop();
});

test("consumers and followers go on after kill -9, with nothing lost", async () => {
  const followed: string[] = [];
  await bus.consume(streams.alerts, "g", keep).ready;
  await bus.follow(streams.alerts, ({ id }) => void followed.push(id)).ready;
  await bus.publish(streams.alerts, entry("before"));
  await until(() => got.length === 1 && followed.length === 1);
  await redis.kill9();
  await until(() => bus.state() === "down");
  await redis.restart({ keepData: true });
  await publishWhenUp("after");
  await until(() => got.length >= 2 && followed.length >= 2);
  expect(ids()).toEqual(["before", "after"]);
  expect(followed).toEqual(["before", "after"]);
});

test("a Redis that came back empty gets its groups again, and followers go on although offsets restart", async () => {
  const followed: string[] = [];
  await bus.consume(streams.alerts, "g", keep).ready;
  await bus.follow(streams.alerts, ({ id }) => void followed.push(id)).ready;
  await addRaw("before", "*");
  await until(() => got.length === 1 && followed.length === 1);
  await redis.kill9();
  await redis.restart({ keepData: false });
  // An offset far below those of before, as after a clock that was set back.
  await addRaw("restarted", "5-1");
  await until(() => got.length >= 2 && followed.length >= 2);
  expect(ids()).toEqual(["before", "restarted"]);
  expect(followed).toEqual(["before", "restarted"]);
});

test("a stream deleted under a waiting consumer is made again", async () => {
  await bus.consume(streams.alerts, "g", keep).ready;
  const raw = new Redis(redis.url);
  await raw.flushall();
  raw.disconnect();
  await bus.publish(streams.alerts, entry("after"));
  await until(() => got.length === 1);
});

test("an entry in hand while Redis is away is acknowledged when it is back", async () => {
  const gate = Promise.withResolvers<void>();
  await bus.consume(streams.alerts, "g", (delivery) => keep(delivery).then(() => gate.promise), { reclaimIdleMs: 600 })
    .ready;
  await bus.publish(streams.alerts, entry("a"));
  await until(() => got.length === 1);
  await redis.kill9();
  gate.resolve();
  await redis.restart({ keepData: true });
  await until(async () => (await bus.lag(streams.alerts, "g")) === 0);
  expect(ids()).toEqual(["a"]);
});

test("while Redis is away publish rejects after its deadline, and a flood at once", async () => {
  await until(() => bus.state() === "up");
  await redis.kill9();
  await until(() => bus.state() === "down");
  const began = performance.now();
  await expect(bus.publish(streams.alerts, entry("a"))).rejects.toThrow(
    /^\[unavailable\] cannot publish to alerts: Redis: .*ECONNREFUSED/,
  );
  expect(performance.now() - began).toBeLessThan(2_000);
  const flood = await Promise.allSettled(
    Array.from({ length: 10_500 }, (_, i) => bus.publish(streams.alerts, entry(`f${i}`))),
  );
  const texts = new Set(
    flood.map((each) =>
      each.status === "rejected" ? String(each.reason).replace(/:.*already/, ": already") : "accepted",
    ),
  );
  expect(flood.every(({ status }) => status === "rejected")).toBe(true);
  expect([...texts].some((text) => text.includes("already wait for Redis"))).toBe(true);
});

test("a Redis that hangs is noticed: publish rejects, the state goes down, and it recovers", async () => {
  await publishWhenUp("a");
  const raw = new Redis(redis.url);
  raw.call("DEBUG", "SLEEP", "7").catch(() => {});
  await until(() =>
    bus.publish(streams.alerts, entry("b")).then(
      () => false,
      () => true,
    ),
  );
  await until(() => bus.state() === "down");
  await publishWhenUp("c");
  raw.disconnect();
});

test("a bus made while Redis is away connects when it comes", async () => {
  await redis.kill9();
  const early = newBus();
  const states: string[] = [];
  early.onState((state) => states.push(state));
  await until(() => states.length > 0);
  const subscription = early.consume(streams.alerts, "g", keep);
  await redis.restart({ keepData: true });
  await subscription.ready;
  await publishWhenUp("a");
  await until(() => got.length === 1);
  expect(states).toEqual(["down", "up"]);
  await early.close();
});

test("entries of a dead consumer are taken over with their count, and those that kill consumers become dead letters", async () => {
  for (const id of ["once", "killer"]) await publishWhenUp(id);
  const raw = new Redis(redis.url);
  await raw.xgroup("CREATE", "{burgee}:alerts", "g", "0");
  await raw.xreadgroup("GROUP", "g", "dead", "COUNT", 10, "STREAMS", "{burgee}:alerts", ">");
  const [, killer] = await raw.xrange("{burgee}:alerts", "-", "+");
  await raw.xclaim("{burgee}:alerts", "g", "dead", 0, String(killer?.[0]), "RETRYCOUNT", 3, "JUSTID");
  raw.disconnect();
  bus.consume(streams.alerts, "g", keep, { reclaimIdleMs: 200, maxDeliveries: 3 });
  await until(async () => (await bus.lag(streams.alerts, "g")) === 0);
  expect(got.map(({ id, attempt }) => ({ id, attempt }))).toEqual([{ id: "once", attempt: 2 }]);
  expect(await bus.read(deadLetterStream(streams.alerts))).toMatchObject([
    { id: "killer", failure: expect.stringContaining("without finishing") },
  ]);
});

test("a slow handler keeps its entry, however long it takes", async () => {
  const gate = Promise.withResolvers<void>();
  const other = newBus();
  bus.consume(streams.alerts, "g", (delivery) => keep(delivery).then(() => gate.promise), {
    reclaimIdleMs: 200,
    batch: 1,
  });
  await publishWhenUp("slow");
  await until(() => got.length === 1);
  other.consume(streams.alerts, "g", keep, { reclaimIdleMs: 200, batch: 1 });
  await publishWhenUp("next");
  await until(() => ids().includes("next"));
  const started = Date.now();
  await until(() => Date.now() - started > 1_000);
  gate.resolve();
  await until(async () => (await bus.lag(streams.alerts, "g")) === 0);
  expect(ids()).toEqual(["slow", "next"]);
  await other.close();
});

test("a stopped consumer leaves no trace in its group", async () => {
  const subscription = bus.consume(streams.alerts, "g", keep);
  await publishWhenUp("a");
  await until(() => got.length === 1);
  await subscription.stop();
  const raw = new Redis(redis.url);
  expect(await raw.xinfo("CONSUMERS", "{burgee}:alerts", "g")).toEqual([]);
  raw.disconnect();
});

test("a wrong password is a reason, not a crash, and is not shown", async () => {
  const locked = await startRedis({ password: "s3cret" });
  const wrong = newBus({ url: `redis://:guess-me@127.0.0.1:${locked.port}` });
  await expect(wrong.publish(streams.alerts, entry("a"))).rejects.toThrow(/\[unavailable\].*(NOAUTH|WRONGPASS)/);
  expect(log.text()).not.toContain("guess-me");
  await wrong.close();
  const right = newBus({ url: locked.url });
  await until(() => right.publish(streams.alerts, entry("a")).then(() => true));
  await right.close();
  await locked.stop();
});

test("a URL that is none of Redis is refused with what would be right, without its password", () => {
  expect(() => newBus({ url: "http://u:hunter2@x" })).toThrow(
    /^\[bad_url\] the Redis URL is not valid, expected redis:\/\//,
  );
});
