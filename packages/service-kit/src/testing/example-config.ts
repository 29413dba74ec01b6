import Type from "typebox";
import { option } from "../config/option.ts";
import { defineConfig } from "../config.ts";

const sourceList = Type.Array(Type.Object({ uri: Type.String() }));
const shared = { redisUrl: option.secret({ default: "redis://:hunter2@127.0.0.1:6379", about: "Redis" }) };
/** A program with a setting of every kind. */
export const exampleConfig = defineConfig(
  "FLAGD",
  {
    ...shared,
    port: option.port({ default: 8013, short: "p", about: "evaluation" }),
    syncPort: option.port({ default: 8015, env: ["OLD_SYNC"], about: "sync" }),
    uri: option.list({ default: [], short: "f", alias: ["source-uri"], about: "flag sources" }),
    contextValue: option.map({ default: {}, short: "X", about: "static context" }),
    sources: option.json(sourceList, { default: [], about: "sources with options" }),
    interval: option.duration({ default: "10s", min: "1s", about: "between two checks" }),
    ratio: option.number({ default: 0.5, min: 0, max: 1, about: "share" }),
    debug: option.boolean({ default: false, short: "x", about: "more log" }),
    noData: option.string({ default: "hold", choices: ["hold", "fail"], about: "when a query has no data" }),
    endpoint: option.url({ optional: true, about: "collector" }),
    token: option.secret({ optional: true, about: "bearer token" }),
    otelCollectorURI: option.string({ optional: true, about: "collector of upstream" }),
  },
  { commands: ["start"], managementPort: 8014 },
);
