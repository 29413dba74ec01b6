import { expectsSubnet } from "../egress-policy.ts";
import { logLevels } from "../log.ts";
import { option } from "./option.ts";
import type { ConfigSettings, OptionTable } from "./schema.ts";

/** What every app understands beside its own table. */
export function optionsOfEveryApp(settings: ConfigSettings): OptionTable {
  return {
    managementPort: option.port({
      default: settings.managementPort ?? 8081,
      about: "port of /healthz, /readyz and /metrics; 0 picks a free one",
    }),
    logLevel: option.string({
      default: "info",
      choices: logLevels,
      about: "least severe event that is logged",
    }),
    logFormat: option.string({
      default: settings.logFormat ?? "json",
      choices: ["json", "console"],
      about: "json, or text for people",
    }),
    outgoingProxy: option.url({
      optional: true,
      protocols: ["http"],
      about: "forward proxy (CONNECT) for every outgoing call except loopback",
    }),
    egressAllow: option.list({
      default: [],
      expects: expectsSubnet,
      about: "addresses or CIDRs to call although link-local and metadata addresses are denied",
    }),
    otlpEndpoint: option.url({
      optional: true,
      about: "OTLP/HTTP collector such as http://collector:4318; tracing is off without it",
    }),
    shutdownTimeout: option.duration({ default: "10s", about: "longest time to finish what is in hand when stopping" }),
    drainDelay: option.duration({
      default: "0s",
      about: "time between not ready and stopping, so that endpoints notice",
    }),
  };
}
