import { expect, test } from "vitest";
import { createLogger } from "./log.ts";
import { Secret } from "./secret.ts";
import { captureLogger } from "./testing/capture-logger.ts";

test("an event is one JSON object with level, time, service and message", () => {
  const { log, events } = captureLogger("flagd");
  log.child({ selector: "a" }).info({ revision: 3 }, "flags changed");
  expect(events).toEqual([
    {
      level: "info",
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: "flagd",
      selector: "a",
      revision: 3,
      msg: "flags changed",
    },
  ]);
});

test.each([
  ["error", ["error", "fatal"]],
  ["fatal", ["fatal"]],
  ["panic", ["fatal"]],
] as const)("with the level %s only %s is logged", (level, logged) => {
  const lines: string[] = [];
  const log = createLogger({ name: "x", level, write: (line) => lines.push(line) });
  log.warn("careful");
  log.error("wrong");
  log.fatal("the end");
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(logged);
});

test("errors keep message, code and stack", () => {
  const { log, events } = captureLogger();
  log.warn({ err: Object.assign(new Error("broken"), { code: "E1" }) }, "failed");
  expect(events[0]?.err).toMatchObject({ message: "broken", code: "E1", stack: expect.any(String) });
});

test("no secret appears, wherever it comes from", () => {
  const lines: string[] = [];
  const log = createLogger({ name: "x", secrets: [new Secret("hunter22")], write: (line) => lines.push(line) });
  log.info(
    {
      token: "abc",
      auth: { password: "abc" },
      url: "redis://:abc@host",
      err: new Error("hunter22 is wrong"),
      s: new Secret("abc"),
    },
    "said",
  );
  expect(lines.join("")).not.toMatch(/abc|hunter22/);
});

test("the console format is for people", () => {
  const lines: string[] = [];
  const log = createLogger({ name: "x", format: "console", write: (line) => lines.push(line) });
  log.info({ canary: "shop", note: "two words", n: 1 }, "weight shifted");
  log.error({ err: new Error("broken") }, "failed");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}weight shifted canary=shop note="two words" n=1\n$/);
  expect(lines[1]).toMatch(/ error failed\n {2}Error: broken\n/);
});

test("events under the level are not written", () => {
  const lines: string[] = [];
  createLogger({ name: "x", level: "warn", write: (line) => lines.push(line) }).info("quiet");
  expect(lines).toEqual([]);
});
