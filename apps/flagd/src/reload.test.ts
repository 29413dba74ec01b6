import { afterAll, beforeAll, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

const names = ["one", "two", "three"];
const rewrites = 30;

/** Three flags that all have the same value. */
function version(n: number): object {
  const flag = { state: "ENABLED", variants: { v: n }, defaultVariant: "v" };
  return { flags: Object.fromEntries(names.map((name) => [name, flag])) };
}

let flagd: TestFlagd;
beforeAll(async () => {
  flagd = await startFlagd(version(0));
});
afterAll(() => flagd.stop());

it("answers every request while its file is rewritten, now and then badly, and never mixes two versions", async () => {
  let last = 0;
  let asked = 0;
  let writing = true;
  const ask = async (): Promise<void> => {
    while (writing) {
      const { status, body } = await flagd.call("/flagd.evaluation.v1.Service/ResolveAll", {});
      asked += 1;
      expect(status).toBe(200);
      const values = new Set(JSON.stringify(body).match(/(?<="doubleValue":)\d+/g));
      expect(values.size).toBe(1);
      last = Math.max(last, ...[...values].map(Number));
    }
  };
  const clients = [ask(), ask(), ask(), ask()];
  for (let n = 1; n <= rewrites; n++) {
    await flagd.write(
      n % 3 === 0 ? JSON.stringify(version(n)).slice(0, -20) : n % 5 === 0 ? { flags: "none" } : version(n),
    );
    const before = asked;
    while (asked < before + 5) await new Promise((resolve) => setImmediate(resolve));
  }
  await flagd.write(version(rewrites + 1));
  while (last <= rewrites) await new Promise((resolve) => setImmediate(resolve));
  writing = false;
  await Promise.all(clients);
  expect(last).toBe(rewrites + 1);
});

it("outlives requests that are nested as deeply as they can be", async () => {
  const depth = 100_000;
  const nested = `{"flagKey":"one","context":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
  const { status } = await flagd.call("/flagd.evaluation.v2.Service/ResolveInt", nested);
  expect(status).toBeGreaterThanOrEqual(400);
  const { body } = await flagd.call("/flagd.evaluation.v2.Service/ResolveInt", { flagKey: "one" });
  expect(body).toMatchObject({ variant: "v" });
});
