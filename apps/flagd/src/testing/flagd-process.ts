import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type RunningProcess, startProcess, waitFor } from "@burgee/service-kit/testing";
import { vi } from "vitest";

// Processes start slowly when many tests share the machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

/** The built flagd, as users run it, with a flag file of its own. */
export interface TestFlagd {
  readonly port: number;
  readonly managementPort: number;
  readonly syncPort: number;
  readonly ofrepPort: number;
  readonly process: RunningProcess;
  /** Replaces the flag file as editors and ConfigMaps do: a new file renamed over the old one. */
  write(content: object | string): Promise<void>;
  /** A Connect call over HTTP/1.1 with JSON. */
  call(path: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

export const binary = join(import.meta.dirname, "../../bin/flagd");

/** Resolves when /readyz says so. Further sources in `args` win over the file. */
export async function startFlagd(
  flags: object | string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<TestFlagd> {
  const directory = await mkdtemp(join(tmpdir(), "burgee-flagd-"));
  const file = join(directory, "flags.json");
  const write = async (content: object | string): Promise<void> => {
    await writeFile(`${file}.new`, typeof content === "string" ? content : JSON.stringify(content));
    await rename(`${file}.new`, file);
  };
  await write(flags);
  const free = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const [port, managementPort, syncPort, ofrepPort] = free;
  const names = ["--port", "--management-port", "--sync-port", "--ofrep-port"];
  const ports = names.flatMap((name, i) => [name, String(free[i])]);
  const child = await startProcess(binary, ["start", "-f", `file:${file}`, ...ports, ...args], { env });
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(directory, { recursive: true });
  };
  const readyz = `http://127.0.0.1:${managementPort}/readyz`;
  await waitFor(async () => (await fetch(readyz)).ok, { timeoutMs: 15_000, describe: () => child.output() });
  return {
    port,
    managementPort,
    syncPort,
    ofrepPort,
    process: child,
    write,
    stop,
    async call(path, body, headers = {}) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
    },
  };
}
