import { parseConfig } from "@burgee/service-kit";
import { describe, expect, it } from "vitest";
import { configSchema, type FlagdConfig } from "./config.ts";
import { readSources } from "./read-sources.ts";

interface Case {
  argv?: string[];
  env?: Record<string, string>;
  gives: Partial<FlagdConfig>;
}

const cases: Record<string, Case> = {
  "has upstream's defaults": {
    gives: {
      command: "start",
      port: 8013,
      managementPort: 8014,
      syncPort: 8015,
      maxRequestBody: 1_000_000,
      logFormat: "console",
    },
  },
  "takes short flags": {
    argv: ["start", "-p", "1", "-m2", "-g=3", "-d", "/s", "-C", "*", "-z", "json", "-x"],
    gives: {
      port: 1,
      managementPort: 2,
      syncPort: 3,
      socketPath: "/s",
      corsOrigin: ["*"],
      logFormat: "json",
      debug: true,
    },
  },
  "merges repeated context values": {
    argv: ["start", "-X", "a=1,b=x=y", "-X", "c=3"],
    gives: { contextValue: { a: "1", b: "x=y", c: "3" } },
  },
  "takes commas in a value as upstream does: in the only pair, or in quotes": {
    argv: ["start", "-X", "note=a, b", "-X", '"list=x,y",tier=gold,"said=""hi"""', "-H", "X-A=a,X-B=b"],
    gives: {
      contextValue: { note: "a, b", list: "x,y", tier: "gold", said: '"hi"' },
      contextFromHeader: { "X-A": "a", "X-B": "b" },
    },
  },
  "merges JSON and pairs": {
    argv: ["start", "-X", '{"a": "1"}', "-X", "b=2"],
    gives: { contextValue: { a: "1", b: "2" } },
  },
  "takes context values as JSON, which is upstream's form in the environment": {
    env: { FLAGD_CONTEXT_VALUE: '{"userTier": "gold", "n": 1}', FLAGD_CONTEXT_FROM_HEADER: "X-User=user" },
    gives: { contextValue: { userTier: "gold", n: "1" }, contextFromHeader: { "X-User": "user" } },
  },
  "lets a flag win over the environment": {
    argv: ["start", "--stream-deadline", "1m30s"],
    env: { FLAGD_STREAM_DEADLINE: "5s", FLAGD_SYNC_PORT: "9" },
    gives: { streamDeadline: 90_000, syncPort: 9 },
  },
};

describe("configuration", () => {
  it.each(Object.entries(cases))("%s", (_, { argv = [], env = {}, gives }) => {
    expect(parseConfig(configSchema, argv, env)).toMatchObject(gives);
  });

  it("says what is wrong with context values", () => {
    const read = (): unknown =>
      parseConfig(configSchema, ["start", "-X", "novalue"], { FLAGD_CONTEXT_FROM_HEADER: "{x}" });
    expect(read).toThrow(/--context-value|-X/);
    expect(read).toThrow(/expected key=value pairs or a JSON object/);
  });
});

describe("readSources", () => {
  it("puts the list behind the URIs, which are split at commas and blanks", () => {
    const config = {
      uri: ["file:a.json file:b.yaml", "core.openfeature.dev/ns/f"],
      sources: '[{"uri":"h:1","provider":"grpc"}]',
    };
    expect(readSources(config).map(({ uri }) => uri)).toEqual(["a.json", "b.yaml", "ns/f", "h:1"]);
  });

  it("says everything that is wrong", () => {
    expect(() => readSources({ uri: ["x", "y"], sources: "[" })).toThrow(
      /argument: x,.*argument: y,.*sources is not a JSON list/s,
    );
    expect(() => readSources({ uri: [], sources: "" })).toThrow("no sync implementation set");
  });
});
