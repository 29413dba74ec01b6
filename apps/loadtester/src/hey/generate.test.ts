import { createDialer } from "@burgee/service-kit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTarget, type Target } from "../testing/target.ts";
import { parseHeyFlags } from "./flags.ts";
import { generate } from "./generate.ts";
import { createResults, type Results } from "./results.ts";
import { summary } from "./summary.ts";

const dialer = createDialer();
let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(async () => {
  await target.stop();
  await dialer.close();
});
let before: number;
beforeEach(() => {
  before = target.requests.length;
});

async function run(
  args: string[],
  signal = new AbortController().signal,
): Promise<{ results: Results; tookMs: number }> {
  const parsed = parseHeyFlags(args);
  if ("problem" in parsed) throw new Error(parsed.problem);
  const results = createResults();
  const tookMs = await generate(parsed.plan, parsed.plan.body, { dialer, results, signal });
  return { results, tookMs };
}

test("sends as many requests as it was told, leaving out what does not divide evenly", async () => {
  const { results } = await run(["-n", "23", "-c", "5", `${target.url}/x`]);
  expect(target.requests.length - before).toBe(20);
  expect(results.statuses).toEqual(new Map([[200, 20]]));
  expect(results.bytes).toBe(100);
});

test("keeps the rate of each worker for the given time", async () => {
  const { results, tookMs } = await run(["-z", "600ms", "-q", "20", "-c", "2", target.url]);
  expect(tookMs).toBeGreaterThanOrEqual(590);
  // 20 a second, two workers, 0.6 s: 12 each, less what a busy machine costs.
  expect(results.answers).toBeGreaterThanOrEqual(10);
  expect(results.answers).toBeLessThanOrEqual(26);
});

test("sends method, headers, host and body", async () => {
  await run([
    "-n",
    "1",
    "-c",
    "1",
    "-m",
    "PUT",
    "-H",
    "X-Canary: always",
    "-host",
    "shop.example.com",
    "-d",
    "data",
    `${target.url}/put?a=b`,
  ]);
  expect(target.requests.at(-1)).toMatchObject({
    method: "PUT",
    path: "/put?a=b",
    body: "data",
    headers: { "x-canary": "always", host: "shop.example.com", "user-agent": "hey/0.0.1" },
  });
});

test("errors of the server are answers, no answer is an error", async () => {
  const failing = await run(["-n", "4", "-c", "2", `${target.url}/status/503`]);
  expect(failing.results.statuses).toEqual(new Map([[503, 4]]));
  const gone = await startTarget();
  await gone.stop();
  const unreachable = await run(["-n", "4", "-c", "2", gone.url]);
  expect(unreachable.results.answers).toBe(0);
  expect([...unreachable.results.errors.entries()]).toEqual([[expect.stringMatching(/ECONNREFUSED/), 4]]);
});

test("ends early with its signal", async () => {
  const stopping = new AbortController();
  const running = run(["-z", "1h", "-q", "1", "-c", "1", target.url], stopping.signal);
  stopping.abort(new Error("enough"));
  expect((await running).tookMs).toBeLessThan(5_000);
});

test("the summary reads like hey's", () => {
  const results = createResults();
  for (let i = 1; i <= 100; i++) results.answered({ ms: i, status: i > 90 ? 500 : 200, bytes: 10 });
  results.failed("connect ECONNREFUSED");
  const text = summary(results, 2_000);
  for (const line of [
    "Summary:\n  Total:\t2.0000 secs\n  Slowest:\t0.1000 secs\n  Fastest:\t0.0010 secs\n  Average:\t0.0505 secs\n  Requests/sec:\t50.5000",
    "  Total data:\t1000 bytes\n  Size/request:\t10 bytes",
    "Response time histogram:\n  0.001 [1]\t|■",
    "  50% in 0.0510 secs",
    "  99% in 0.1000 secs",
    "Status code distribution:\n  [200]\t90 responses\n  [500]\t10 responses",
    "Error distribution:\n  [1]\tconnect ECONNREFUSED",
  ]) {
    expect(text).toContain(line);
  }
});

test("a million answers are kept as a sample in bounded memory", () => {
  const results = createResults(() => 0.5);
  for (let i = 0; i < 1_000_500; i++) results.answered({ ms: 1, status: 200, bytes: 0 });
  expect(results.answers).toBe(1_000_500);
  expect(results.latencies()).toHaveLength(1_000_000);
});
