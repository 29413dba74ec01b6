import { join } from "node:path";
import { freePort, type RunningProcess, startProcess, waitFor } from "@burgee/service-kit/testing";

/** Starts a service as users do, by apps/NAME/bin/NAME; resolves when its /readyz says so. Rejects after 30 s with what it printed. */
export async function startService(name: string, args: readonly string[]): Promise<RunningProcess> {
  const port = await freePort();
  const command = join(import.meta.dirname, "../apps", name, "bin", name);
  const started = await startProcess(command, [...args, "--management-port", `${port}`]);
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  await waitFor(isReady, { timeoutMs: 30_000, describe: () => started.output() });
  return started;
}
