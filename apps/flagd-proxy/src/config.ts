import { busOptions, expectsRedisUrl } from "@burgee/event-bus";
import { kubeAccessCheck, kubeOptions } from "@burgee/kube";
import { defineConfig, option } from "@burgee/service-kit";

/** Everything that can be set. Names of upstream where it has one. */
export const configSchema = defineConfig(
  "FLAGD_PROXY",
  {
    port: option.port({
      default: 8015,
      short: "p",
      env: ["PORT"],
      about: "gRPC, gRPC-Web and Connect: flagd.sync.v1 and sync.v1",
    }),
    managementPort: option.port({
      default: 8016,
      short: "m",
      about: "port of /healthz, /readyz, /metrics and gRPC health",
    }),
    logFormat: option.string({
      default: "console",
      choices: ["json", "console"],
      short: "z",
      about: "json, or text for people",
    }),
    debug: option.boolean({ default: false, short: "x", about: "log at level debug" }),
    ...kubeOptions,
    ...busOptions,
    redisUrl: option.secret({
      optional: true,
      expects: expectsRedisUrl,
      about: "Redis that changes of flags are published to; without it none are, and flags are served all the same",
    }),
    allowFileSelectors: option.boolean({
      default: false,
      about: "serve file: selectors, that is any JSON or YAML file this process can read, to whoever asks",
    }),
    maxSubscriptions: option.integer({ default: 20_000, min: 1, about: "open sync streams; more are refused" }),
    watchLinger: option.duration({
      default: "1s",
      about: "how long a watch outlives its last subscriber, so that one who reconnects finds it",
    }),
    leaseDuration: option.duration({
      default: "15s",
      min: "1s",
      about: "how long a dead replica keeps the publishing of changes",
    }),
  },
  { commands: ["start"], checks: [kubeAccessCheck] },
);
