// An app for the tests of start: its parts do what the settings say.
import { setTimeout as delay } from "node:timers/promises";
import { ConfigError, defineConfig, option, start } from "../src/index.ts";

const schema = defineConfig("TESTAPP", {
  token: option.secret({ default: "hunter22", about: "never printed" }),
  startFails: option.boolean({ default: false, about: "the second part does not start" }),
  stopHangs: option.boolean({ default: false, about: "the second part never stops" }),
  nowhere: option.boolean({ default: false, about: "the app finds its settings to make no sense together" }),
  remote: option.boolean({ default: false, about: "a remote that never comes" }),
});

await start({ name: "testapp", schema }, async (config, kit) => {
  if (config.nowhere) throw new ConfigError(["--kube-server is missing, expected a URL"]);
  if (config.remote) kit.readiness.add("redis").down("connection refused, retrying in 2s");
  kit.management.route("POST", "/reject", async () => {
    Promise.reject(new Error(`nobody awaits this ${config.token.reveal()}`));
    return { status: 202 };
  });
  kit.management.route("POST", "/fail", async () => {
    kit.fail(new Error("the part broke"));
    return { status: 202 };
  });
  return [
    {
      name: "first",
      start: () => kit.log.info("first starts"),
      stop: () => kit.log.info("first stops"),
    },
    {
      name: "second",
      async start(signal) {
        if (config.startFails) throw new Error("no room");
        signal.addEventListener("abort", () => kit.log.info("second is told"));
      },
      async stop() {
        if (config.stopHangs) await delay(60_000);
        kit.log.info({ stopping: kit.signal.aborted }, "second stops");
      },
    },
  ];
});
