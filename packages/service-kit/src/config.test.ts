import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Type from "typebox";
import { describe, expect, expectTypeOf, test } from "vitest";
import { checkTogether } from "./config/check.ts";
import { describeConfig, helpText, renderConfigReference } from "./config/help.ts";
import { option } from "./config/option.ts";
import { ConfigError } from "./config/schema.ts";
import { defineConfig, parseConfig, readConfig } from "./config.ts";
import type { Secret } from "./secret.ts";

const sourceList = Type.Array(Type.Object({ uri: Type.String() }));
const shared = { redisUrl: option.secret({ default: "redis://:hunter2@127.0.0.1:6379", about: "Redis" }) };
const schema = defineConfig(
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
    test(name, () => expect(parseConfig(schema, argv, env)).toMatchObject(gives));
  }

  test("gives exact types", () => {
    const config = parseConfig(schema, [], {});
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
    expect(parseConfig(schema, ["--token-file", path], {}).token?.reveal()).toBe("s3cret");
    expect(parseConfig(schema, [], { FLAGD_TOKEN_FILE: path }).token?.reveal()).toBe("s3cret");
  });
});

const files: Record<string, { name: string; text: string; argv?: string[]; gives?: object; problems?: string[] }> = {
  "YAML with camelCase and flag names": {
    name: "a.yaml",
    text: "syncPort: 1\nsource-uri: x\nuri: [a, b]\nsources: [{uri: u}]\ncontextValue: {a: 1}\n",
    problems: ["unknown setting source-uri in a.yaml"],
  },
  "values of every form": {
    name: "a.json",
    text: '{"sync-port": 1, "uri": ["a", "b"], "debug": true, "sources": [{"uri":"u"}], "contextValue": {"a": 1}}',
    gives: { syncPort: 1, uri: ["a", "b"], debug: true, sources: [{ uri: "u" }], contextValue: { a: "1" } },
  },
  "flags win over the file": { name: "a.yaml", text: "port: 1", argv: ["-p", "2"], gives: { port: 2 } },
  "an empty file says nothing": { name: "a.yaml", text: "", gives: { port: 8013 } },
  "a bad value names the file": {
    name: "a.yaml",
    text: "port: many",
    problems: ['port in a.yaml is "many", expected a port from 0 to 65535'],
  },
  "a misspelt setting has a suggestion": {
    name: "a.yaml",
    text: "prot: 1",
    problems: ["unknown setting prot in a.yaml, did you mean port?"],
  },
  "a list at the top": { name: "a.json", text: "[]", problems: ["a.json holds a list, expected settings by name"] },
};

describe("a configuration file", () => {
  for (const [name, { name: file, text, argv = [], gives, problems }] of Object.entries(files)) {
    test(name, () => {
      const outcome = readConfig(schema, ["--config", file, ...argv], {}, () => text);
      if (problems === undefined) expect(outcome).toMatchObject({ kind: "config", config: gives });
      else expect(outcome).toEqual({ kind: "invalid", problems });
    });
  }

  test("that is not there is a problem", () => {
    const outcome = readConfig(schema, ["--config", "/nowhere.yaml"], {});
    expect(outcome.kind === "invalid" && outcome.problems[0]).toMatch(
      /^--config is "\/nowhere.yaml", expected a readable file: ENOENT/,
    );
  });
});

const bad: Record<string, { argv?: string[]; env?: Record<string, string>; problems: string[] }> = {
  "a value of the wrong kind names flag, value and what is right": {
    argv: ["--port", "x"],
    problems: ['--port is "x", expected a port from 0 to 65535'],
  },
  "a value out of range": { argv: ["--ratio=1.5"], problems: ['--ratio is "1.5", expected a number from 0 to 1'] },
  "a variable is named as such": {
    env: { FLAGD_INTERVAL: "10" },
    problems: ['FLAGD_INTERVAL is "10", expected a duration such as 10s or 1m30s of at least 1s'],
  },
  "a choice lists the choices": {
    argv: ["--no-data=pass"],
    problems: ['--no-data is "pass", expected one of: hold, fail'],
  },
  "an unknown flag has a suggestion": {
    argv: ["--sync-prt", "1"],
    problems: ["unknown flag --sync-prt, did you mean --sync-port?"],
  },
  "an unknown flag without a near one": {
    argv: ["-quux=1"],
    problems: ["unknown flag -quux, see --help for all flags"],
  },
  "a map that is none": {
    argv: ["-X", "a"],
    problems: ['-X is "a", expected key=value pairs separated by commas, or a JSON object such as {"key":"value"}'],
  },
  "a flag without its value": { argv: ["--port"], problems: ["--port needs a value, expected port"] },
  "an unknown command": { argv: ["strat"], problems: ['unknown command "strat", did you mean start?'] },
  "a stray argument": { argv: ["start", "now"], problems: ['unexpected argument "now", expected flags only'] },
  "JSON that is none": { argv: ["--sources", "{"], problems: ['--sources is "{", expected valid JSON'] },
  "JSON that does not fit names the path": {
    argv: ["--sources", '[{"uri":1}]'],
    problems: ['--sources is "[{\\"uri\\":1}]", expected JSON in which /0/uri must be string'],
  },
  "a URL loses its credentials in the message": {
    argv: ["--endpoint", "ftp://me:hunter2@host/x?key=1"],
    problems: ['--endpoint is "ftp://***@host/x?key=***", expected a URL starting with http:// or https://'],
  },
  "everything at once": {
    argv: ["--port=x", "--ratio=2", "--nope"],
    env: { FLAGD_SYNC_PORT: "y" },
    problems: [
      "unknown flag --nope, see --help for all flags",
      '--port is "x", expected a port from 0 to 65535',
      'FLAGD_SYNC_PORT is "y", expected a port from 0 to 65535',
      '--ratio is "2", expected a number from 0 to 1',
    ],
  },
};

describe("problems", () => {
  for (const [name, { argv = [], env = {}, problems }] of Object.entries(bad)) {
    test(name, () => expect(readConfig(schema, argv, env)).toEqual({ kind: "invalid", problems }));
  }

  test("a required setting that is missing says how to give it", () => {
    const strict = defineConfig("X", { targetUrl: option.url({ about: "target" }) });
    expect(() => parseConfig(strict, [], {})).toThrow(ConfigError);
    expect(() => parseConfig(strict, [], {})).toThrow("--target-url is missing, expected url (flag, or X_TARGET_URL)");
  });

  test("a rule of its own says what would have been right", () => {
    const expects = (text: string): string | undefined =>
      text.startsWith("/") ? undefined : "a path that starts with /";
    const strict = defineConfig("X", { path: option.string({ optional: true, expects, about: "path" }) });
    expect(parseConfig(strict, ["--path=/a"], {}).path).toBe("/a");
    expect(readConfig(strict, ["--path=a"], {})).toEqual({
      kind: "invalid",
      problems: ['--path is "a", expected a path that starts with /'],
    });
  });

  test("an app without commands takes no arguments", () => {
    expect(readConfig(defineConfig("X", {}), ["now"], {})).toEqual({
      kind: "invalid",
      problems: ['unexpected argument "now", expected flags only'],
    });
  });
});

describe("help and reference", () => {
  test("help and version win over problems", () => {
    expect(readConfig(schema, ["--nope", "--help"], {})).toEqual({ kind: "help" });
    expect(readConfig(schema, ["version"], {})).toEqual({ kind: "version" });
    expect(readConfig(schema, ["--version"], {})).toEqual({ kind: "version" });
  });

  test("describe every setting, the common ones last, and no secret", () => {
    const described = describeConfig(schema);
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
    const help = helpText(schema, "flagd");
    expect(help).toContain("Usage: flagd [start|version] [flags]");
    expect(help).toContain("  -p, --port port\n      evaluation (default 8013) [FLAGD_PORT]");
    expect(help).toContain("redis://***@127.0.0.1:6379");
    expect(renderConfigReference(schema)).toContain(
      "| `--no-data` | `FLAGD_NO_DATA` | hold\\|fail | `hold` | when a query has no data |",
    );
    expect(help + renderConfigReference(schema)).not.toContain("hunter2");
  });
});

describe("rules", () => {
  const low = option.integer({ default: 1, about: "low" });
  const high = option.integer({ default: 2, about: "high" });
  const range = checkTogether({ low, high }, (given) => {
    if (given.low > given.high) throw new ConfigError([`low is ${given.low}, expected at most high (${given.high})`]);
  });
  const strict = defineConfig(
    "STRICT",
    {
      low,
      high,
      token: option.secret({
        optional: true,
        expects: (text) => (text === "right" ? undefined : "the right one"),
        about: "t",
      }),
      names: option.list({
        default: [],
        expects: (text) => (text.length < 4 ? undefined : "a short name"),
        about: "n",
      }),
    },
    { checks: [range] },
  );
  const problems: Record<string, { argv: string[]; gives: string[] }> = {
    "of one setting and of several are told at once, without the secret": {
      argv: ["--low=3", "--token=wrong", "--names=ann,barbara"],
      gives: [
        '--token is "***", expected the right one',
        '--names is "barbara", expected a short name',
        "low is 3, expected at most high (2)",
      ],
    },
    "of several settings wait until each can be read": {
      argv: ["--low=x"],
      gives: ['--low is "x", expected an integer'],
    },
    "for addresses hold for every app": {
      argv: ["--egress-allow=10.0.0.1,10.0.0.0/33"],
      gives: ['--egress-allow is "10.0.0.0/33", expected an address or a CIDR such as 169.254.20.10/32'],
    },
  };
  test.each(Object.entries(problems))("%s", (_, { argv, gives }) => {
    expect(readConfig(strict, argv, {})).toEqual({ kind: "invalid", problems: gives });
  });

  test("of several settings are not judged by parseConfig, which is pure", () => {
    expect(parseConfig(strict, ["--low=3"], {})).toMatchObject({ low: 3, high: 2 });
  });
});
