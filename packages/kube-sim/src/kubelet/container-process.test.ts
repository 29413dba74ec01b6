import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startContainer } from "./container-process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kube-sim-container-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (...command: [string, ...string[]]) =>
  startContainer({
    command,
    env: { PATH: process.env.PATH ?? "", GREETING: "hello" },
    cwd: folder,
    logFile: join(folder, "log"),
  });
const log = () => readFileSync(join(folder, "log"), "utf8");
const node = process.execPath;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

describe("a container's process", () => {
  it("runs with its variables and keeps its output", async () => {
    const container = start("sh", "-c", "echo $GREETING; echo oops >&2");
    expect(await container.exited).toBe(0);
    await expect.poll(log).toBe("hello\noops\n");
  });

  it("reports the exit code", async () => {
    expect(await start("sh", "-c", "exit 7").exited).toBe(7);
  });

  it("reports a command that is not there as 127", async () => {
    expect(await start("no-such-command").exited).toBe(127);
  });

  it("gets SIGTERM and may finish what it has in hand", async () => {
    const container = start(
      node,
      "-e",
      "process.on('SIGTERM', () => setTimeout(() => { console.log('bye'); process.exit(0) }, 50)); setInterval(() => {}, 1000); console.log('up')",
    );
    await expect.poll(log).toContain("up");
    await container.stop(5_000);
    expect(await container.exited).toBe(0);
    await expect.poll(log).toContain("bye");
  });

  it("is killed after the grace period", async () => {
    const container = start(
      node,
      "-e",
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')",
    );
    await expect.poll(log).toContain("up");
    await container.stop(100);
    expect(await container.exited).toBeGreaterThan(128);
  });

  it("ends when the process that started it is killed", async () => {
    const module = new URL("./container-process.ts", import.meta.url).href;
    const program = `import { startContainer } from ${JSON.stringify(module)};
      startContainer({ command: [process.execPath, "-e", "console.log(process.pid); setInterval(() => {}, 1000)"], env: {}, cwd: "/", logFile: ${JSON.stringify(join(folder, "log"))} });
      setInterval(() => {}, 1000);`;
    const parent = spawn(node, ["--input-type=module", "-e", program], { stdio: ["ignore", "ignore", "inherit"] });
    await expect.poll(() => Number.parseInt(log() || "0", 10), { timeout: 10_000 }).toBeGreaterThan(0);
    const pid = Number.parseInt(log(), 10);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});
