import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, startProcess } from "@burgee/service-kit/testing";
import { idleAndLoaded, rssMiB } from "./footprint/memory.ts";
import { type Subject, subjects } from "./footprint/services.ts";
import { startSurroundings, type Surroundings } from "./footprint/surroundings.ts";
import type { Bench } from "./harness.ts";
import { startService } from "./start-service.ts";
import { median, medians } from "./statistics.ts";

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
    return {
      ratios: {
        idleVsBareNode: medians(samples, ({ idle }) => idle / floor),
        loadedVsBareNode: medians(samples, ({ loaded }) => loaded / floor),
      },
      figures: {
        rssMiB: medians(samples, ({ loaded }) => loaded),
        idleRssMiB: medians(samples, ({ idle }) => idle),
        startMs: medians(samples, ({ startMs }) => startMs),
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
    await delay(500);
    return await rssMiB(node.pid);
  } finally {
    await node.stop();
  }
}

async function measure(name: string, { args, load }: Subject, surroundings: Surroundings): Promise<Measured> {
  const port = await freePort();
  const began = performance.now();
  const started = await startService(name, [...args(surroundings, port), "--log-level", "error"]);
  try {
    const startMs = Math.round(performance.now() - began);
    return { startMs, ...(await idleAndLoaded(started.pid, () => load(surroundings, port))) };
  } finally {
    await started.stop();
  }
}
