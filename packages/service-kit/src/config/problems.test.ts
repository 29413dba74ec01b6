import { describe, expect, test } from "vitest";
import { defineConfig, parseConfig, readConfig } from "../config.ts";
import { exampleConfig } from "../testing/example-config.ts";
import { checkTogether } from "./check.ts";
import { option } from "./option.ts";
import { ConfigError } from "./schema.ts";

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
    test(name, () => expect(readConfig(exampleConfig, argv, env)).toEqual({ kind: "invalid", problems }));
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
