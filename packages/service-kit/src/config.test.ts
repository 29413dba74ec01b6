import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import { describeConfig, helpText, renderConfigReference } from "./config/help.ts";
import { parseConfig, readConfig } from "./config.ts";
import type { Secret } from "./secret.ts";
import { exampleConfig } from "./testing/example-config.ts";

interface Case {
  readonly argv?: string[];
  readonly env?: Record<string, string>;
  readonly gives: Record<string, unknown>;
}

const readings: Record<string, Case> = {
  "defaults hold without input": {
    gives: {
      port: 8013,
      uri: [],
      interval: 10_000,
      debug: false,
      endpoint: undefined,
      managementPort: 8014,
      command: "start",
    },
  },
  "two dashes with equals sign": { argv: ["--sync-port=1"], gives: { syncPort: 1 } },
  "two dashes with a following value": { argv: ["--sync-port", "1"], gives: { syncPort: 1 } },
  "one dash as Go programs take it": { argv: ["-sync-port", "1", "-port=2"], gives: { syncPort: 1, port: 2 } },
  "a short flag with a following value": { argv: ["-p", "1"], gives: { port: 1 } },
  "a short flag with its value attached": { argv: ["-p1", "-f=file:a"], gives: { port: 1, uri: ["file:a"] } },
  "a value that starts with a dash": {
    argv: ["--no-data", "fail", "--uri", "-x"],
    gives: { noData: "fail", uri: ["-x"] },
  },
  "a switch alone is true": { argv: ["-x"], gives: { debug: true } },
  "a switch takes false after an equals sign": { argv: ["--debug=false"], gives: { debug: false } },
  "a switch takes no- in front": { argv: ["--debug", "--no-debug"], gives: { debug: false } },
  "a switch leaves the next argument alone": { argv: ["--debug", "start"], gives: { debug: true, command: "start" } },
  "a list collects repeats and commas": { argv: ["-f", "a,b", "--source-uri", "c"], gives: { uri: ["a", "b", "c"] } },
  "a map collects pairs, and values may hold equals signs": {
    argv: ["-X", "a=1,b=2", "-X", "c=x=y"],
    gives: { contextValue: { a: "1", b: "2", c: "x=y" } },
  },
  "a map takes a JSON object": {
    env: { FLAGD_CONTEXT_VALUE: '{"a":"1","b":2}' },
    gives: { contextValue: { a: "1", b: "2" } },
  },
  "the last of a repeated flag wins": { argv: ["--port=1", "--port=2"], gives: { port: 2 } },
  "environment names are derived": {
    env: { FLAGD_SYNC_PORT: "1", FLAGD_OTEL_COLLECTOR_URI: "x" },
    gives: { syncPort: 1, otelCollectorURI: "x" },
  },
  "upstream's environment names count too": { env: { OLD_SYNC: "1" }, gives: { syncPort: 1 } },
  "our environment name wins over upstream's": { env: { OLD_SYNC: "1", FLAGD_SYNC_PORT: "2" }, gives: { syncPort: 2 } },
  "a flag wins over the environment": {
    argv: ["--sync-port=2"],
    env: { FLAGD_SYNC_PORT: "1" },
    gives: { syncPort: 2 },
  },
  "an empty variable is no variable": { env: { FLAGD_SYNC_PORT: "" }, gives: { syncPort: 8015 } },
  "a Service link of Kubernetes is no port": { env: { FLAGD_PORT: "tcp://10.0.0.1:8013" }, gives: { port: 8013 } },
  "durations are milliseconds": { argv: ["--interval=1m30s"], gives: { interval: 90_000 } },
  "JSON is parsed and checked": { argv: ["--sources", '[{"uri":"a"}]'], gives: { sources: [{ uri: "a" }] } },
  "after two dashes everything is positional": {
    argv: ["--port=1", "--", "start"],
    gives: { port: 1, command: "start" },
  },
};

describe("parseConfig", () => {
  for (const [name, { argv = [], env = {}, gives }] of Object.entries(readings)) {
    test(name, () => expect(parseConfig(exampleConfig, argv, env)).toMatchObject(gives));
  }

  test("gives exact types", () => {
    const config = parseConfig(exampleConfig, [], {});
    expectTypeOf(config.port).toEqualTypeOf<number>();
    expectTypeOf(config.noData).toEqualTypeOf<"hold" | "fail">();
    expectTypeOf(config.endpoint).toEqualTypeOf<string | undefined>();
    expectTypeOf(config.token).toEqualTypeOf<Secret | undefined>();
    expectTypeOf(config.sources).toEqualTypeOf<{ uri: string }[]>();
    expectTypeOf(config.redisUrl).toEqualTypeOf<Secret>();
    expectTypeOf(config.logLevel).toEqualTypeOf<"debug" | "info" | "warn" | "error" | "fatal" | "panic">();
  });

  test("reads a secret from a file without its last line break", () => {
    const path = join(mkdtempSync(join(tmpdir(), "kit-")), "token");
    writeFileSync(path, "s3cret\n");
    expect(parseConfig(exampleConfig, ["--token-file", path], {}).token?.reveal()).toBe("s3cret");
    expect(parseConfig(exampleConfig, [], { FLAGD_TOKEN_FILE: path }).token?.reveal()).toBe("s3cret");
  });
});

describe("help and reference", () => {
  test("help and version win over problems", () => {
    expect(readConfig(exampleConfig, ["--nope", "--help"], {})).toEqual({ kind: "help" });
    expect(readConfig(exampleConfig, ["version"], {})).toEqual({ kind: "version" });
    expect(readConfig(exampleConfig, ["--version"], {})).toEqual({ kind: "version" });
  });

  test("describe every setting, the common ones last, and no secret", () => {
    const described = describeConfig(exampleConfig);
    expect(described.find((o) => o.name === "syncPort")).toEqual({
      name: "syncPort",
      flag: "--sync-port",
      short: undefined,
      alias: [],
      env: ["FLAGD_SYNC_PORT", "OLD_SYNC"],
      type: "port",
      default: "8015",
      required: false,
      about: "sync",
    });
    expect(described.at(-1)?.name).toBe("drainDelay");
    const help = helpText(exampleConfig, "flagd");
    expect(help).toContain("Usage: flagd [start|version] [flags]");
    expect(help).toContain("  -p, --port port\n      evaluation (default 8013) [FLAGD_PORT]");
    expect(help).toContain("redis://***@127.0.0.1:6379");
    expect(renderConfigReference(exampleConfig)).toContain(
      "| `--no-data` | `FLAGD_NO_DATA` | hold\\|fail | `hold` | when a query has no data |",
    );
    expect(help + renderConfigReference(exampleConfig)).not.toContain("hunter2");
  });
});
