import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, type RunningProcess, startProcess } from "@burgee/service-kit/testing";
import { waitFor } from "../wait-for.ts";

/** BURGEE_E2E_FLAGD names another flagd, such as upstream's, that has to pass the same tests. */
const command =
  process.env.BURGEE_E2E_FLAGD ?? join(dirname(fileURLToPath(import.meta.url)), "../../apps/flagd/bin/flagd");

/** A built flagd with a flag file of its own. Its ports stay the same when it is started again. */
export interface RunningFlagd {
  readonly ports: Readonly<Record<"evaluation" | "management" | "sync" | "ofrep", number>>;
  /** Replaces the flag file by renaming a new one over it. */
  write(content: object | string): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again. Resolves when /readyz says so. */
  start(): Promise<void>;
  output(): string;
  stop(): Promise<void>;
}

export async function startFlagd(flags: object, args: readonly string[] = []): Promise<RunningFlagd> {
  const directory = await mkdtemp(join(tmpdir(), "burgee-e2e-flagd-"));
  const file = join(directory, "flags.json");
  const write = async (content: object | string): Promise<void> => {
    await writeFile(`${file}.new`, typeof content === "string" ? content : JSON.stringify(content));
    await rename(`${file}.new`, file);
  };
  await write(flags);
  const [evaluation, management, sync, ofrep] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const ports = { evaluation, management, sync, ofrep };
  const portFlags = ["-p", evaluation, "-m", management, "-g", sync, "-r", ofrep].map(String);
  let child: RunningProcess | undefined;
  const start = async (): Promise<void> => {
    const started = await startProcess(command, ["start", "-f", `file:${file}`, ...portFlags, ...args]);
    child = started;
    const ready = () =>
      fetch(`http://127.0.0.1:${management}/readyz`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await waitFor("flagd to be ready", ready, { timeoutMs: 20_000, seen: () => started.output() });
  };
  await start();
  return {
    ports,
    write,
    start,
    output: () => child?.output() ?? "",
    async kill() {
      child?.signal("SIGKILL");
      await child?.exit;
    },
    async stop() {
      await child?.stop();
      await rm(directory, { recursive: true });
    },
  };
}
