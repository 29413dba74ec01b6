import { createMemoryBus, createRedisBus, type EventBus } from "@burgee/event-bus";
import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAdmin } from "../testing/admin-harness.ts";
import { publishRollout } from "../testing/entries.ts";
import { readEvents } from "../testing/event-reader.ts";
import { timelineSuite } from "../testing/timeline-suite.ts";

const { log } = captureLogger();
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

let prefixes = 0;
async function redisBus(): Promise<EventBus> {
  prefixes += 1;
  return createRedisBus({ url: redis.url, prefix: `{timeline-${prefixes}}:`, log });
}

timelineSuite("memory", async () => createMemoryBus({ log }));
timelineSuite("Redis", redisBus);

test("while Redis is away the event stream stays open and says so, and the history is unavailable", async () => {
  const admin = await startAdmin({ bus: await redisBus() });
  const reader = await readEvents(`${admin.url}/api/events`);
  const states = () => reader.events.flatMap((e) => (e.event === "bus" ? [JSON.stringify(e.data)] : []));
  const told = (text: string) =>
    reader.events.some((e) => e.event === "entry" && JSON.stringify(e.data).includes(text));
  await waitFor(() => admin.bus.state() === "up");
  // The stream follows from its first contact with Redis on: seen here before Redis goes.
  let sent = 0;
  await waitFor(async () => {
    await publishRollout(admin.bus, ++sent, { message: "before the outage" });
    return told("before the outage");
  });
  await redis.kill9();
  await waitFor(() => states().includes('{"state":"down"}'));
  const { status, headers } = await admin.call("GET", "/api/timeline");
  expect([status, headers.get("retry-after")]).toEqual([503, "2"]);
  await redis.restart({ keepData: true });
  await waitFor(() => states().includes('{"state":"up"}'), { timeoutMs: 10_000 });
  await publishRollout(admin.bus, sent + 1, { message: "after the outage" });
  await waitFor(() => told("after the outage"), { timeoutMs: 10_000 });
  reader.close();
  await admin.stop();
}, 30_000);
