import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, type RunningProcess, startProcess } from "@burgee/service-kit/testing";
import { waitFor } from "./wait-for.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The services and what their command line begins with. */
export const services = {
  flagd: ["start"],
  "flagd-proxy": ["start"],
  "canary-controller": [],
  "metrics-analyzer": [],
  "alert-dispatcher": [],
  "admin-api": [],
  loadtester: [],
} as const;
export type ServiceName = keyof typeof services;

/** What /readyz answers. */
export interface ReadyAnswer {
  readonly httpStatus: number;
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

/** A built service, run as users run it. */
export interface ServiceProcess {
  readonly name: ServiceName;
  readonly process: RunningProcess;
  /** Throws while the management port does not answer. */
  readyz(): Promise<ReadyAnswer>;
  /** The HTTP status of /healthz. */
  healthz(): Promise<number>;
  /** Lines of the log that contain the text. */
  logged(text: string): string[];
  stop(): Promise<void>;
}

/** Runs a service to its end. */
export async function runService(
  name: ServiceName,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = await startProcess(command(name), [...services[name], ...args], { env });
  const { code } = await child.exit;
  return { code, output: child.output() };
}

/** Starts a service with a management port of its own. It lives when this returns; it may not be ready yet. */
export async function startService(name: ServiceName, args: readonly string[]): Promise<ServiceProcess> {
  const port = await freePort();
  const child = await startProcess(command(name), [
    ...services[name],
    ...["--management-port", String(port), "--log-format", "json"],
    ...args,
  ]);
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await waitFor(
    `${name} to live`,
    () =>
      at("/healthz").then(
        ({ ok }) => ok,
        () => false,
      ),
    {
      timeoutMs: 30_000,
      seen: () => child.output(),
    },
  );
  return {
    name,
    process: child,
    async readyz() {
      const response = await at("/readyz");
      const { status, checks }: Omit<ReadyAnswer, "httpStatus"> = JSON.parse(await response.text());
      return { httpStatus: response.status, status, checks };
    },
    healthz: async () => (await at("/healthz")).status,
    logged: (text) =>
      child
        .output()
        .split("\n")
        .filter((line) => line.includes(text)),
    async stop() {
      await child.stop();
    },
  };
}

function command(name: ServiceName): string {
  return join(root, "apps", name, "bin", name);
}
