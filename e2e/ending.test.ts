import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { DemoProcess, type DemoState } from "./demo-process.ts";
import { waitFor } from "./wait-for.ts";

/** Commands that still run and know this demo's API: its services and pods. */
function leftOver({ kubeServer, pids }: DemoState): string[] {
  const lines = execFileSync("ps", ["-eo", "pgid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => {
    const [group = "", ...command] = line.trim().split(/\s+/);
    return command.join(" ").includes(kubeServer) || [pids.redis, pids.prometheus].includes(Number(group));
  });
}

describe("ending the demo", () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`leaves nothing running after ${signal}`, async () => {
      const demo = new DemoProcess();
      const state = await waitFor("the demo to be up", () => demo.state(), { seen: () => demo.output() });
      expect(leftOver(state)).not.toEqual([]);
      demo.signal(signal);
      await waitFor("everything to end", () => leftOver(state).length === 0, {
        timeoutMs: 20_000,
        seen: () => leftOver(state).join("\n"),
      });
      await demo.stop();
    });
  }
});
