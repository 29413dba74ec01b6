import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { processEnvironment } from "../config.ts";
import { waitFor } from "./wait-for.ts";

export interface StartProcessOptions {
  /** Added to this process's variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real child process whose output is kept. */
export interface RunningProcess {
  readonly pid: number;
  /** Standard output and standard error in the order in which they came. */
  output(): string;
  stdout(): string;
  /** Resolves when it has ended. */
  readonly exit: Promise<Exit>;
  /** Resolves with the match as soon as the output has one. Rejects when the process ends first or the time (10 s) is up. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after `graceMs` (default 5 000). */
  stop(graceMs?: number): Promise<Exit>;
}

/** Starts a command. Rejects when it cannot be started at all. */
export async function startProcess(
  command: string,
  args: readonly string[] = [],
  o: StartProcessOptions = {},
): Promise<RunningProcess> {
  const child = spawn(command, args, {
    env: { ...processEnvironment(), ...o.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(o.cwd === undefined ? {} : { cwd: o.cwd }),
  });
  let output = "";
  let stdout = "";
  let ended: Exit | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const { promise: exit, resolve } = Promise.withResolvers<Exit>();
  child.once("close", (code, signal) => {
    ended = { code, signal };
    resolve(ended);
  });
  await once(child, "spawn");
  return {
    pid: child.pid ?? 0,
    output: () => output,
    stdout: () => stdout,
    exit,
    async waitForOutput(pattern, timeoutMs = 10_000) {
      const look = (): RegExpMatchArray | "ended" | null =>
        output.match(pattern) ?? (ended === undefined ? null : "ended");
      const found = await waitFor(look, { timeoutMs, describe: () => output });
      if (found === "ended")
        throw new Error(`${command} ended (${JSON.stringify(ended)}) without ${pattern}: ${output}`);
      return found;
    },
    signal: (name) => {
      child.kill(name);
    },
    stop: (graceMs = 5_000) => stop(child, exit, graceMs),
  };
}

async function stop(child: ChildProcess, exit: Promise<Exit>, graceMs: number): Promise<Exit> {
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
  try {
    return await exit;
  } finally {
    clearTimeout(kill);
  }
}
