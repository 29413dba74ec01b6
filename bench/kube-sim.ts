import { join } from "node:path";
import { type RunningProcess, startProcess } from "@burgee/service-kit/testing";
import { openHttp1 } from "./flagd-rpc/http1-connection.ts";
import { runLoad } from "./flagd-rpc/load.ts";
import { cpuSeconds, pin } from "./flagd-rpc/processes.ts";
import { alternate, type Bench, type Sample } from "./harness.ts";
import { openWatchers, type Watchers } from "./kube-sim/watchers.ts";
import { median } from "./statistics.ts";

const [serverCore, loadCore] = [0, 1];
/** CPU time of a server in one sample: the kernel counts in steps of 0.01 s. */
const sampleSeconds = 1;
const connections = 64;
/** Writes before the first sample: the compiler, which works on the server's core too, is done by then. */
const warmUp = 40_000;
const listed = 10_000;
const starts = 5;

/** What a write costs while others watch. */
export const kubeSim: Bench = {
  about:
    "writes per CPU second of kube-sim with 10 and 100 watchers against a JSON echo server, a long list, the start",
  async run({ rounds, say }) {
    const startMs = await measureStarts(say);
    const [sim, echo] = await Promise.all([startScript("bare-api.ts"), startScript("echo-server.ts")]);
    try {
      const pinned = await Promise.all([
        pin(sim.pid, serverCore),
        pin(echo.pid, serverCore),
        pin(process.pid, loadCore),
      ]);
      if (pinned.includes(false)) say("not every process has a core of its own: more noise");
      await fill(sim.url, connections);
      const contenders = {
        watchers10: writer(sim, () => openWatchers(sim.url, 10)),
        watchers100: writer(sim, () => openWatchers(sim.url, 100)),
        echo: writer(echo, async () => ({ heard: async () => undefined, stop: () => undefined })),
      };
      const samples = await alternate(contenders, { rounds, say });
      const rate = (who: keyof typeof contenders) => median(samples[who].perCpuSecond ?? []);
      await fill(sim.url, listed);
      const listMs = await measureList(sim.url, rounds);
      const writesPerCpuSecond = {
        echo: rate("echo"),
        watchers10: rate("watchers10"),
        watchers100: rate("watchers100"),
      };
      return {
        ratios: {
          writesVsEcho: writesPerCpuSecond.watchers10 / writesPerCpuSecond.echo,
          writesVsEcho100: writesPerCpuSecond.watchers100 / writesPerCpuSecond.echo,
        },
        figures: { writesPerCpuSecond, startMs, listMs },
      };
    } finally {
      await Promise.all([sim.stop(), echo.stop()]);
    }
  },
};

interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

async function startScript(name: string): Promise<Server> {
  const running = await run(name);
  const [line] = await running.waitForOutput(/^\{.*\}$/m);
  return {
    url: field(line, "url", isString),
    pid: running.pid,
    stop: async () => {
      await running.stop();
    },
  };
}

function run(name: string): Promise<RunningProcess> {
  return startProcess(process.execPath, [join(import.meta.dirname, "kube-sim", name)]);
}

/** Writes so many ConfigMaps, by PUT of what is there and POST of what is not. */
async function fill(url: string, count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, index) => configMap(`made-${count}-${index}`, 0));
  const headers = { "content-type": "application/json" };
  const path = "/api/v1/namespaces/default/configmaps";
  await runLoad([openHttp1({ port: portOf(url), path, headers, bodies })], count);
}

/** Replaces ConfigMaps over some connections, each with its own, and sees that the watchers hear of every change. */
function writer({ url, pid }: Server, watch: () => Promise<Watchers>): () => Promise<Sample> {
  let rate = 0;
  const measure = async (writes: number): Promise<Sample> => {
    const watchers = await watch();
    const before = await cpuSeconds(pid);
    await runLoad(replacers(url), writes);
    await watchers.heard(writes);
    rate = writes / Math.max(0.01, (await cpuSeconds(pid)) - before);
    watchers.stop();
    return { perCpuSecond: rate };
  };
  return async () => {
    if (rate === 0) await measure(warmUp);
    return await measure(Math.ceil(rate * sampleSeconds));
  };
}

function replacers(url: string) {
  const headers = { "content-type": "application/json" };
  return Array.from({ length: connections }, (_, index) => {
    const name = `made-${connections}-${index}`;
    // The first is another than the last, so that every write is a change.
    const bodies = [configMap(name, 1 + Math.random()), configMap(name, 3 + Math.random())];
    const path = `/api/v1/namespaces/default/configmaps/${name}`;
    return openHttp1({ port: portOf(url), method: "PUT", path, headers, bodies });
  });
}

/** A ConfigMap of about a kilobyte. */
function configMap(name: string, turn: number): Buffer {
  const data = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`key-${index}`, `${"value ".repeat(15)}${index}`]),
  );
  const metadata = { name, namespace: "default", labels: { app: "bench" } };
  return Buffer.from(
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { ...data, turn: String(turn) } }),
  );
}

async function measureList(url: string, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const before = performance.now();
    const text = await (await fetch(`${url}/api/v1/namespaces/default/configmaps`)).text();
    times.push(performance.now() - before);
    const found = text.split('"name":"made-').length - 1;
    if (found < listed) throw new Error(`the list has ${found} objects, expected at least ${listed}`);
  }
  return median(times.slice(1));
}

/** Start of the process until the first simulator is ready, and what a second one in it takes. */
async function measureStarts(say: (line: string) => void): Promise<{ first: number; second: number }> {
  const first: number[] = [];
  const second: number[] = [];
  for (let round = 1; round <= starts; round++) {
    say(`start ${round} of ${starts}`);
    const running = await run("two-clusters.ts");
    const [line] = await running.waitForOutput(/^\{.*\}$/m);
    first.push(field(line, "firstMs", isNumber));
    second.push(field(line, "secondMs", isNumber));
    await running.stop();
  }
  return { first: median(first), second: median(second) };
}

function field<T>(line: string, name: string, is: (value: unknown) => value is T): T {
  const value: unknown = Object.getOwnPropertyDescriptor(JSON.parse(line), name)?.value;
  if (!is(value)) throw new Error(`the server printed ${line}, expected ${name}`);
  return value;
}

const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

function portOf(url: string): number {
  return Number(new URL(url).port);
}
