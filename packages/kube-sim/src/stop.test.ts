import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type KubeSim, startKubeSim } from "./sim.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "sleeper",
    annotations: {
      // A grandchild, too: the whole group has to go.
      "sim.burgee.dev/command": JSON.stringify(["sh", "-c", "sleep 600 & echo PIDS $$ $!; wait"]),
    },
  },
  spec: { containers: [{ name: "app", image: "sleeper:1" }] },
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

async function pidsFrom(url: string): Promise<number[]> {
  const response = await fetch(`${url}/api/v1/namespaces/default/pods/sleeper/log`);
  const match = /PIDS (\d+) (\d+)/.exec(response.ok ? await response.text() : "");
  return match ? [Number(match[1]), Number(match[2])] : [];
}

const waiting = { timeout: 10_000, interval: 20 };

describe("nothing keeps running", () => {
  it("after stop", async () => {
    const sim: KubeSim = await startKubeSim();
    await sim.apply(pod);
    await expect.poll(async () => (await pidsFrom(sim.url)).length, waiting).toBe(2);
    const pids = await pidsFrom(sim.url);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await sim.stop();
    await expect.poll(() => pids.map(isAlive), waiting).toEqual([false, false]);
    await expect(fetch(sim.url)).rejects.toThrow();
  });

  it("after the process that started it was killed", async () => {
    const module = new URL("./sim.ts", import.meta.url).href;
    const program = `const { startKubeSim } = await import(${JSON.stringify(module)});
      const sim = await startKubeSim();
      await sim.apply(${JSON.stringify(pod)});
      console.log(sim.url);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line]: unknown[] = await once(parent.stdout.setEncoding("utf8"), "data");
    const url = String(line).trim();
    await expect.poll(async () => (await pidsFrom(url)).length, waiting).toBe(2);
    const pids = await pidsFrom(url);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await expect.poll(() => pids.map(isAlive), waiting).toEqual([false, false]);
  });
});
