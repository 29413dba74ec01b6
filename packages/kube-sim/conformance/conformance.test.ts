import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KubeSim, startKubeSim } from "../src/index.ts";
import { needs } from "./case.ts";
import { Run } from "./place.ts";
import { type Result, runTopics } from "./results.ts";
import { topics } from "./topics.ts";

let sim: KubeSim;
let results: Result[] = [];

beforeAll(async () => {
  sim = await startKubeSim({ rbac: true, kubelet: { drainMs: 0, restartDelayMs: 50 }, gateway: false });
  const run = new Run({ server: sim.url, token: sim.token, ...(sim.ca !== undefined && { ca: sim.ca }) });
  await run.prepare();
  results = await runTopics(run, topics, new Set(needs));
  await run.clean(false);
}, 60_000);

afterAll(() => sim.stop());

describe.each(topics)("the API server: $name", ({ name, cases }) => {
  test.each(Object.keys(cases))("%s", (sentence) => {
    const result = results.find((one) => one.topic === name && one.sentence === sentence);
    expect(result).toEqual({ topic: name, sentence, outcome: "passed" });
  });
});
