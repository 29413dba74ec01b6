// What `helm test` runs: raises an alert as the controller does and sees it delivered.
import { busOptions, createRedisBus } from "@burgee/event-bus";
import { defineConfig, option, runOnce } from "@burgee/service-kit";
import { raiseAlert } from "./raise-alert.ts";

const schema = defineConfig("RELEASE_TEST", {
  redisUrl: busOptions.redisUrl,
  streamPrefix: busOptions.streamPrefix,
  controllerRedisUrl: option.secret({ about: "the same Redis with the controller's user, who may raise alerts" }),
  timeout: option.duration({ default: "30s", min: "100ms", about: "longest wait for the delivery" }),
});

await runOnce({ name: "release-test", schema }, async (config, { log }) => {
  const { redisUrl, controllerRedisUrl, streamPrefix: prefix, timeout } = config;
  const controllerBus = createRedisBus({ url: controllerRedisUrl, prefix, log });
  const dispatcherBus = createRedisBus({ url: redisUrl, prefix, log });
  try {
    return await raiseAlert({ controllerBus, dispatcherBus, now: Date.now(), timeoutMs: timeout });
  } finally {
    await Promise.all([controllerBus.close(), dispatcherBus.close()]);
  }
});
