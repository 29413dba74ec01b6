// What `helm test` runs: asks for a verdict as the controller does.
import { busOptions, createRedisBus } from "@burgee/event-bus";
import { defineConfig, option, runOnce } from "@burgee/service-kit";
import { askForVerdict } from "./ask-for-verdict.ts";

const schema = defineConfig("RELEASE_TEST", {
  redisUrl: busOptions.redisUrl,
  streamPrefix: busOptions.streamPrefix,
  verdictKey: option.secret({ optional: true, about: "key that the verdict has to be signed with" }),
  timeout: option.duration({ default: "30s", min: "100ms", about: "longest wait for the verdict" }),
});

await runOnce({ name: "release-test", schema }, async ({ redisUrl, streamPrefix, verdictKey, timeout }, { log }) => {
  const bus = createRedisBus({ url: redisUrl, prefix: streamPrefix, log });
  try {
    return await askForVerdict({ bus, verdictKey, now: Date.now(), timeoutMs: timeout });
  } finally {
    await bus.close();
  }
});
