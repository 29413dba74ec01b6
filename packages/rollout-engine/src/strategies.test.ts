import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { outsideEvents } from "./testing/events.ts";
import { strategies } from "./testing/strategies.ts";
import { strategyTranscript } from "./testing/strategy-transcript.ts";

const folder = join(import.meta.dirname, "..", "testdata", "strategies");

for (const [name, strategy] of Object.entries(strategies)) {
  describe(name, () => {
    for (const [what, event] of Object.entries(outsideEvents)) {
      test(what, () => {
        const path = join(folder, name, `${what}.txt`);
        const happened = strategyTranscript(strategy, event);
        if (process.env.UPDATE === "1") {
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, happened);
        } else expect(happened).toBe(readFileSync(path, "utf8"));
      });
    }
  });
}

test("every transcript belongs to a strategy and an event", () => {
  const files = Object.keys(outsideEvents)
    .map((event) => `${event}.txt`)
    .sort();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(strategies).sort());
  for (const name of readdirSync(folder)) expect(readdirSync(join(folder, name)).sort()).toEqual(files);
});
