import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { startFlagd } from "./flagd-clients/running-flagd.ts";
import { waitFor } from "./wait-for.ts";

const scale = Number(process.env.BURGEE_TEST_SCALE ?? "0.05");
const rewrites = Math.max(10, Math.round(100 * scale));
const evaluationsPerSecond = 1_000;
/** Evaluations between two rewrites. */
const between = 100;

const keys = Array.from({ length: 20 }, (_, n) => `flag-${n}`);

/** Many flags that all have the same value, so that an answer made of two versions shows. */
function version(n: number): object {
  const flag = { state: "ENABLED", variants: { v: n }, defaultVariant: "v" };
  return { flags: Object.fromEntries(keys.map((key) => [key, flag])) };
}

/** Some are cut off in the middle, some are no flag document: the last good version has to stay. */
function written(n: number): object | string {
  if (n % 3 === 0) return JSON.stringify(version(n)).slice(0, -50);
  return n % 5 === 0 ? { flags: { "flag-0": { variants: "none" } } } : version(n);
}

function post(agent: Agent, url: string, body: object): Promise<{ status: number | undefined; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; text: string }>();
  const headers = { "content-type": "application/json" };
  const call = request(url, { agent, method: "POST", headers }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    response.on("end", () => resolve({ status: response.statusCode, text })).on("error", reject);
  });
  call.on("error", reject).end(JSON.stringify(body));
  return promise;
}

it(`answers ${evaluationsPerSecond} evaluations a second while its file is rewritten ${rewrites} times, some of them badly`, async () => {
  const flagd = await startFlagd(version(0));
  const { ports } = flagd;
  const evaluation = `http://127.0.0.1:${ports.evaluation}/flagd.evaluation`;
  /** What is asked, one after the other: one flag, all flags over both protocols. */
  const questions = [
    () => ask(`${evaluation}.v2.Service/ResolveInt`, { flagKey: "flag-7" }, /"value":\s*"(\d+)"/g, 1),
    () => ask(`${evaluation}.v1.Service/ResolveAll`, {}, /"doubleValue":\s*(\d+)/g, keys.length),
    () => ask(`http://127.0.0.1:${ports.ofrep}/ofrep/v1/evaluate/flags`, {}, /"value":\s*(\d+)/g, keys.length),
    () => ask(`${evaluation}.v1.Service/ResolveInt`, { flagKey: "flag-7" }, /"value":\s*"(\d+)"/g, 1),
  ];
  const problems: string[] = [];
  let newest = 0;
  let answered = 0;
  // So many connections as a busy sidecar has.
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  async function ask(url: string, body: object, values: RegExp, count: number): Promise<void> {
    try {
      const { status, text } = await post(agent, url, body);
      const seen = Array.from(text.matchAll(values), ([, value]) => Number(value));
      if (status !== 200 || seen.length !== count || new Set(seen).size !== 1) problems.push(`${url}: ${text}`);
      newest = Math.max(newest, ...seen);
    } catch (error) {
      problems.push(`${url}: ${inspect(error)}`);
    }
    answered += 1;
  }

  // At a fixed rate, however long the answers take: who waits for a slow server asks it less.
  const inFlight = new Set<Promise<void>>();
  const started = performance.now();
  for (let asked = 0, wrote = 0; wrote < rewrites; ) {
    const due = Math.floor(((performance.now() - started) / 1_000) * evaluationsPerSecond);
    while (asked < due) {
      const question = questions[asked++ % questions.length]?.() ?? Promise.resolve();
      inFlight.add(question);
      void question.then(() => inFlight.delete(question));
      if (asked % between === 0) await flagd.write(written(++wrote));
    }
    await pause(5);
  }
  await Promise.all(inFlight);
  expect(problems).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(rewrites * between);

  const last = rewrites + 1;
  await flagd.write(version(last));
  await waitFor(
    "the last version",
    async () => {
      await questions[1]?.();
      return newest === last;
    },
    { timeoutMs: 10_000, seen: () => `version ${newest}` },
  );
  expect(problems).toEqual([]);
  agent.destroy();
  await flagd.stop();
});
