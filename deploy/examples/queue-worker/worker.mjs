// Takes orders from the Redis list `orders`, one at a time, and works on those that are meant for its release.
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { Redis } from "ioredis";
import { handle } from "./handle.mjs";

const { FLAGD_HOST, FLAGD_PORT = "8013", QUEUE_URL = "redis://localhost:6379", PORT = "9090" } = process.env;
const { BURGEE_RELEASE_ROLE } = process.env;
const isCanary = BURGEE_RELEASE_ROLE !== "primary";
const restMs = 20;
const counts = { orders_total: 0, orders_failed_total: 0 };
let stopping = false;
process.on("SIGTERM", () => {
  stopping = true;
});

const provider = new FlagdProvider({ host: FLAGD_HOST, port: Number(FLAGD_PORT), resolverType: "rpc" });
await OpenFeature.setProviderAndWait(provider);
const flags = OpenFeature.getClient();
const queue = new Redis(QUEUE_URL);
const metrics = createServer((_request, response) => {
  response.end(
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}\n`)
      .join(""),
  );
});
metrics.listen(Number(PORT));

while (!stopping) {
  const [, order] = (await queue.blpop("orders", 1)) ?? [];
  if (order !== undefined) await take(order);
}
metrics.close();
await OpenFeature.close();
await queue.quit();

async function take(order) {
  const forCanary = await flags.getBooleanValue("order-is-for-canary", false, { targetingKey: order });
  if (forCanary === isCanary) return work(order);
  // A worker of the other release takes it. It is left a moment for that.
  await queue.rpush("orders", order);
  await delay(restMs);
}

async function work(order) {
  counts.orders_total += 1;
  try {
    await handle(order);
  } catch (error) {
    counts.orders_failed_total += 1;
    await queue.rpush("orders:failed", order);
    console.error(`order ${order}:`, error);
  }
}
