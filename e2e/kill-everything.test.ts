// Each service, Redis and Prometheus are killed in the middle of a good and of a bad rollout: both end as if nothing had happened.
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, createKubeClient, resource } from "@burgee/kube";
import { createLogger } from "@burgee/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoOutcome, DemoProcess } from "./demo-process.ts";
import { type FlagAnswer, probeFlag, silences } from "./flag-probe.ts";
import { type ServiceName, services } from "./service-process.ts";
import { undisturbed } from "./undisturbed-story.ts";
import { type Victim, Victims } from "./victims.ts";
import { waitFor } from "./wait-for.ts";

type Status = NonNullable<Canary["status"]>;

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const isService = (name: string): name is ServiceName => Object.hasOwn(services, name);
const everyService = Object.keys(services).filter(isService);
/** The demo's two rollouts, by the number of their run. */
const good = 1;
const bad = 2;
/** The probe and the look at readiness come in turns. */
const slackMs = 500;

/** Each status of the canary that was written while it was rolled out. */
const history: Status[] = [];
const died: Record<number, Victim[]> = { [good]: [], [bad]: [] };
const cleanup: (() => unknown)[] = [];
let victims: Victims;
let answers: readonly FlagAnswer[];
let outcome: DemoOutcome;

beforeAll(async () => {
  const demo = new DemoProcess();
  cleanup.push(() => demo.stop());
  const state = await waitFor("the demo to be up", () => demo.state(), { seen: () => demo.output() });
  const log = createLogger({ name: "e2e", level: "error" });
  const kube = createKubeClient({ server: state.kubeServer, log });
  cleanup.push(() => kube.close());
  const canary = createInformer(kube, canaries, { namespace: "shop", log });
  canary.on(({ object: { status } }) => status?.run !== undefined && history.push(status));
  canary.start(new AbortController().signal);
  cleanup.push(() => canary.stop());
  const flag = probeFlag(state.flagd);
  cleanup.push(() => flag.stop());
  victims = new Victims(demo, state, kube);
  await killInBothRollouts(demo);
  outcome = await demo.outcome();
  await flag.stop();
  ({ answers } = flag);
});
afterAll(async () => {
  for (const stop of cleanup.reverse()) await stop();
});

async function killInBothRollouts(demo: DemoProcess): Promise<void> {
  const reaches = (run: number, weight: number, failedChecks = 0) =>
    waitFor(
      `rollout ${run} to get to ${weight} % and ${failedChecks} failed checks`,
      () => {
        const now = history.at(-1);
        return now?.run === run && now.canaryWeight >= weight && now.failedChecks >= failedChecks;
      },
      { timeoutMs: 90_000, seen: () => `${JSON.stringify(history.at(-1))}\n${demo.output()}` },
    );
  const kill = async (...names: Victim[]) => {
    const { run = 0, phase } = history.at(-1) ?? {};
    expect(["Progressing", "Promoting", "Finalising"]).toContain(phase);
    died[run]?.push(...names);
    await victims.kill(...names);
  };

  await reaches(good, 0);
  await kill("admin-api", "loadtester");
  await reaches(good, 20);
  await kill("prometheus, emptied");
  await kill("flagd-proxy");
  await kill("flagd");
  await reaches(good, 40);
  await kill("redis");
  await kill("metrics-analyzer", "alert-dispatcher");
  await reaches(good, 60);
  await kill("redis, emptied", "canary-controller");

  await reaches(bad, 0);
  await kill("prometheus", "flagd");
  await reaches(bad, 20);
  await kill("redis, emptied", "alert-dispatcher");
  await reaches(bad, 20, 1);
  await kill(...everyService, "redis", "prometheus");
}

describe("when each part is killed in the middle of a rollout", () => {
  it("every part died in the good one and in the bad one", () => {
    expect(new Set(died[good])).toEqual(new Set([...everyService, "redis", "redis, emptied", "prometheus, emptied"]));
    expect(new Set(died[bad])).toEqual(new Set([...everyService, "redis", "redis, emptied", "prometheus"]));
  });

  it("the good version is promoted without a failed request and the bad one is rolled back", () => {
    expect(outcome).toMatchObject({ promoted: true, rolledBack: true, flagServed: true, failedDuringGoodRollout: 0 });
    expect(changesOf(history.map(({ phase }) => phase))).toEqual(undisturbed.phases);
    expect(history.filter(({ run, failedChecks }) => run === good && failedChecks > 0)).toEqual([]);
  });

  it("without data nothing gets more traffic and nothing is promoted", () => {
    const verdicts = history.at(-1)?.canaryAnalysis ?? [];
    expect(verdicts.filter(({ run, result }) => run === good && result === "unknown")).not.toEqual([]);
    for (const [index, now] of history.entries()) {
      const before = history[index - 1];
      if (before === undefined || before.canaryWeight === 0) continue;
      const advanced = now.canaryWeight > before.canaryWeight;
      const promoting = now.phase === "Promoting" && before.phase !== "Promoting";
      if (!advanced && !promoting) continue;
      const passed = { run: now.run, check: now.check, weight: before.canaryWeight, result: "pass" };
      expect(now.canaryAnalysis?.at(-1)).toMatchObject(passed);
    }
  });

  it("every alert is delivered; one that comes twice has the same id", () => {
    const texts = new Map(outcome.messages.map(({ id, text }) => [id, text]));
    const missingData = /^Canary analysis is unknown after 2 checks without data/;
    const told = [...texts.values()].filter((text) => !missingData.test(text));
    expect(told.toSorted()).toEqual(undisturbed.alerts.toSorted());
  });

  it("flags are served all the time but while flagd itself is dead, and never wrongly", () => {
    const deaths = victims.deaths.filter(({ victim }) => victim === "flagd");
    for (const silence of silences(answers)) {
      const during = ({ from, to }: { from: number; to: number }) =>
        silence.from >= from - slackMs && silence.to <= to + slackMs;
      expect(deaths).toContainEqual(expect.toSatisfy(during, `a death that explains ${JSON.stringify(silence)}`));
    }
    expect(changesOf(answers.flatMap(({ seen }) => seen ?? []))).toEqual(undisturbed.flag);
  });
});

function changesOf(values: readonly string[]): string[] {
  return values.filter((value, index) => value !== values[index - 1]);
}
