import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, type RunningProcess, startProcess } from "@burgee/service-kit/testing";
import { peakRssMiB, rssMiB } from "./footprint/memory.ts";
import { type Ports, type Subject, subjects } from "./footprint/services.ts";
import { root, startSurroundings, type Surroundings } from "./footprint/surroundings.ts";
import type { Bench } from "./harness.ts";
import { median } from "./statistics.ts";

/** What a started process is left alone before it counts as idle. */
const settleMs = 2_000;
const startDeadlineMs = 30_000;

interface Measured {
  readonly startMs: number;
  readonly idle: number;
  readonly loaded: number;
}

/** Resident memory and start of every service's bundle, run as users run it, against a Node process that does nothing. */
export const footprint: Bench = {
  about: "memory of each service idle and under load, start to ready, against a Node process that does nothing",
  async run({ rounds, say }) {
    const folder = await mkdtemp(join(tmpdir(), "burgee-footprint-"));
    const surroundings = await startSurroundings(folder);
    const floors: number[] = [];
    const samples = new Map<string, Measured[]>();
    try {
      for (let round = 1; round <= rounds; round++) {
        floors.push(await bareNode());
        for (const [name, subject] of Object.entries(subjects)) {
          const measured = await measure(name, subject, surroundings);
          samples.set(name, [...(samples.get(name) ?? []), measured]);
          const [idle, loaded] = [measured.idle, measured.loaded].map(Math.round);
          say(
            `round ${round} of ${rounds}: ${name} ready after ${measured.startMs} ms, ${idle} MiB, ${loaded} under load`,
          );
        }
      }
    } finally {
      await surroundings.stop();
      await rm(folder, { recursive: true, force: true });
    }
    const floor = median(floors);
    const medians = (of: (m: Measured) => number): Record<string, number> =>
      Object.fromEntries([...samples].map(([name, measured]) => [name, median(measured.map(of))]));
    return {
      ratios: {
        idleVsBareNode: medians(({ idle }) => idle / floor),
        loadedVsBareNode: medians(({ loaded }) => loaded / floor),
      },
      figures: {
        rssMiB: medians(({ loaded }) => loaded),
        idleRssMiB: medians(({ idle }) => idle),
        startMs: medians(({ startMs }) => startMs),
        bareNodeRssMiB: floor,
      },
    };
  },
};

/** The floor: the same Node without a line of ours. */
async function bareNode(): Promise<number> {
  const node = await startProcess(process.execPath, ["--eval", "setInterval(() => {}, 1_000_000); console.log('up')"]);
  try {
    await node.waitForOutput(/up/);
    await delay(settleMs / 4);
    return await rssMiB(node.pid);
  } finally {
    await node.stop();
  }
}

async function measure(name: string, subject: Subject, surroundings: Surroundings): Promise<Measured> {
  const ports: Ports = { serving: await freePort(), management: await freePort() };
  const began = performance.now();
  const started = await startProcess(join(root, "apps", name, "bin", name), [
    ...subject.args(surroundings, ports),
    ...["--management-port", String(ports.management), "--log-level", "error"],
  ]);
  try {
    await ready(name, started, ports.management);
    const startMs = Math.round(performance.now() - began);
    await delay(settleMs);
    const idle = await rssMiB(started.pid);
    const loaded = await peakRssMiB(started.pid, () => subject.load(surroundings, ports));
    return { startMs, idle, loaded };
  } finally {
    await started.stop();
  }
}

async function ready(name: string, started: RunningProcess, port: number): Promise<void> {
  for (const deadline = Date.now() + startDeadlineMs; Date.now() < deadline; await delay(10)) {
    try {
      const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`);
      if (ok) return;
    } catch (error) {
      // Not listening yet.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new Error(`${name} was not ready within ${startDeadlineMs / 1000} s: ${started.output()}`);
}
