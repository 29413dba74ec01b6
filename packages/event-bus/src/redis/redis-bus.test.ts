import { captureLogger, startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll } from "vitest";
import { eventBusContract } from "../testing/contract.ts";
import { createRedisBus } from "./redis-bus.ts";

let redis: TestRedis;
let count = 0;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

eventBusContract("the Redis bus", async () => {
  const prefix = `{test${++count}}:`;
  return {
    createBus: (o) => createRedisBus({ url: redis.url, prefix, log: captureLogger().log, ...o }),
    close: async () => {},
  };
});
