import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

export interface ContainerCommand {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard output and error are appended here. */
  readonly logFile?: string;
  /** Standard output and error as they come. */
  readonly onOutput?: (chunk: string) => void;
}

/** A pod's container, run as a local process of its own. */
export interface ContainerProcess {
  readonly pid: number;
  /** Resolves with the exit code; 128 + signal number when a signal ended it. */
  readonly exited: Promise<number>;
  /** SIGTERM, then SIGKILL after the grace period (milliseconds). Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL at once, for the process and all it started. */
  kill(): void;
}

/**
 * Runs the command and reports its exit code; it ends with us whatever ends us: fd 3 is a pipe that only we hold, and when it closes the
 * watcher kills the process group. The signals are numbers because `sh` knows no other portable names.
 */
const supervisor = `"$@" 3<&- & child=$!
trap 'kill -15 $child' 15
{ read -r _ <&3; kill -9 0; } & watcher=$!
exec 3<&-
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
kill -9 $watcher
exit $code`;

export function startContainer({ command, env, cwd, logFile, onOutput }: ContainerCommand): ContainerProcess {
  const child = spawn("sh", ["-c", supervisor, "sh", ...command], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: "a" });
  // A log that cannot be written, because the disk is full or the folder gone, ends neither the container nor us.
  log?.on("error", () => log.destroy());
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      log?.write(chunk);
      onOutput?.(chunk);
    });
  }
  const exited = exitOf(child).finally(() => log?.end());
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  const kill = () => signalGroup(child, "SIGKILL");
  // What the command has started goes with it, as in a container; it would also keep the output open.
  child.once("exit", kill);
  return {
    pid: child.pid ?? 0,
    exited,
    kill,
    async stop(graceMs) {
      if (ended) return;
      child.kill("SIGTERM");
      const timer = setTimeout(kill, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    // As the kubelet reports a command that cannot be started.
    child.once("error", () => resolve(127));
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 143)));
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
