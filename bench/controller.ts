import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createKubeClient, type KubeClient } from "@burgee/kube";
import { createLogger } from "@burgee/service-kit";
import { freePort, type RunningProcess, startProcess, startRedis } from "@burgee/service-kit/testing";
import { createCanaries, intervalMs, release } from "./controller/canaries.ts";
import { followTicks, type Ticks } from "./controller/ticks.ts";
import { cpuSeconds } from "./flagd-rpc/processes.ts";
import { peakRssMiB } from "./footprint/memory.ts";
import { root } from "./footprint/surroundings.ts";
import type { Bench } from "./harness.ts";
import { percentile } from "./statistics.ts";

/** Canaries at rest; a fifth as many roll out besides them. BURGEE_BENCH_CANARIES sets others, by commas. */
const sizes = (process.env.BURGEE_BENCH_CANARIES ?? "100,1000,10000").split(",").map(Number);
/** Of the largest size. */
const limits = { cores: 1, rssMiB: 512, latenessP99Ms: 1_000, coldStartSeconds: 30 } as const;
/** Of steady ticks, after each canary had its first. */
const measuredMs = 3 * intervalMs;

type Measured = Record<keyof typeof limits | "callsPerTick", number>;

/** A controller with ten thousand canaries at rest and two thousand that roll out: what it takes, and whether it keeps its times. */
export const controller: Bench = {
  about:
    "CPU, memory, lateness of ticks, API calls and cold start of canary-controller with 100, 1,000, 10,000 canaries",
  async run({ say }) {
    const figures: Record<keyof Measured, Record<string, number>> = {
      ...{ cores: {}, rssMiB: {}, latenessP99Ms: {}, coldStartSeconds: {}, callsPerTick: {} },
    };
    const surroundings = await startSurroundings();
    let last: Measured | undefined;
    try {
      for (const size of sizes) {
        last = await measure(size, { ...surroundings, say });
        for (const figure of Object.keys(last) as (keyof Measured)[]) figures[figure][`canaries${size}`] = last[figure];
        say(`${size} canaries: ${JSON.stringify(last)}`);
      }
    } finally {
      await surroundings.stop();
    }
    const ratios = Object.entries(limits).map(([name, limit]) => [
      `${name}VsLimit`,
      (figures[name as keyof typeof limits][`canaries${sizes.at(-1)}`] ?? Number.NaN) / limit,
    ]);
    return { ratios: Object.fromEntries(ratios), figures };
  },
};

interface Surroundings {
  readonly client: KubeClient;
  readonly ticks: Ticks;
  /** Calls of the API that the controller has made so far. */
  calls(): Promise<number>;
  startController(): Promise<{ process: RunningProcess; passes(): Promise<number> }>;
  stop(): Promise<void>;
}

async function startSurroundings(): Promise<Surroundings> {
  const redis = await startRedis();
  const cluster = await startProcess(process.execPath, [join(import.meta.dirname, "controller/cluster.ts")]);
  const [line] = await cluster.waitForOutput(/^\{.*\}$/m);
  const { url, counts }: { url: string; counts: string } = JSON.parse(line);
  const log = createLogger({ name: "bench", level: "error" });
  const client = createKubeClient({ server: url, log, userAgent: "bench" });
  const ticks = await followTicks(client, log);
  return {
    client,
    ticks,
    calls: async () => Number(await (await fetch(counts)).text()),
    async startController() {
      const port = await freePort();
      const started = await startProcess(join(root, "apps/canary-controller/bin/canary-controller"), [
        ...["--kube-server", url, "--redis-url", redis.url, "--management-port", `${port}`, "--log-level", "error"],
      ]);
      return { process: started, passes: () => passesOf(port) };
    },
    async stop() {
      await ticks.stop();
      await client.close();
      await cluster.stop();
      await redis.stop();
    },
  };
}

/** Passes made; 0 while nobody answers. */
async function passesOf(port: number): Promise<number> {
  try {
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const counted = page.matchAll(/^burgee_canary_controller_reconcile_seconds_count.* (\d+)$/gm);
    return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
  } catch (error) {
    // Not listening yet.
    if (error instanceof TypeError) return 0;
    throw error;
  }
}

async function measure(size: number, s: Surroundings & { say: (line: string) => void }): Promise<Measured> {
  const active = Array.from({ length: size / 5 }, (_, i) => `active-${i}`);
  const idle = Array.from({ length: size }, (_, i) => `idle-${i}`);
  const all = [...idle, ...active];
  let running = await s.startController();
  try {
    await createCanaries(s.client, all);
    s.say(`${size} canaries made`);
    // Those of a smaller size are there, and roll out.
    await s.ticks.phase("Initialized", all.length - activeBefore, 900_000);
    await s.ticks.told(300_000);
    s.say(`${size} canaries initialized`);
    await running.process.stop(30_000);
    const began = performance.now();
    running = await s.startController();
    while ((await running.passes()) < all.length) await delay(2_000);
    const coldStartSeconds = (performance.now() - began) / 1000;
    // Over one interval, as releases that have nothing to do with each other would come.
    await release(s.client, active.slice(activeBefore), { revision: "2", withinMs: intervalMs });
    await s.ticks.phase("Progressing", active.length, 120_000);
    activeBefore = active.length;
    await delay(2 * intervalMs);
    s.ticks.lateness();
    const { pid } = running.process;
    const [cpu, calls] = [await cpuSeconds(pid), await s.calls()];
    const from = performance.now();
    const rssMiB = await peakRssMiB(pid, () => delay(measuredMs));
    const seconds = (performance.now() - from) / 1000;
    const late = s.ticks.lateness();
    return {
      cores: ((await cpuSeconds(pid)) - cpu) / seconds,
      rssMiB,
      latenessP99Ms: percentile(late, 0.99),
      coldStartSeconds,
      callsPerTick: ((await s.calls()) - calls) / late.length,
    };
  } finally {
    await running.process.stop(30_000);
  }
}

/** Canaries that roll out since a smaller size was measured. */
let activeBefore = 0;
