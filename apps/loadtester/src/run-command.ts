import { type ChildProcess, spawn } from "node:child_process";
import { messageOf } from "@burgee/service-kit";

/** How a command runs. */
export interface CommandOptions {
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After which it is ended with its children. */
  readonly timeoutMs: number;
  /** Ends the command early. */
  readonly signal: AbortSignal;
}

export interface CommandOutcome {
  readonly ok: boolean;
  /** In Go's words: `exit status 1`, `signal: killed`, `exec: "helm": executable file not found in $PATH`. */
  readonly reason: string;
  /** stdout and stderr as they came; of a long output the end. */
  readonly output: string;
}

const maxOutputBytes = 1024 * 1024;
const killGraceMs = 10_000;

/**
 * Runs a program to its end. At the deadline, or when the signal aborts, the whole process group gets SIGTERM and, ten seconds later,
 * SIGKILL: a shell's children would otherwise stay.
 */
export function runCommand(program: string, args: readonly string[], o: CommandOptions): Promise<CommandOutcome> {
  const child = spawn(program, args, { env: o.env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = createTail(maxOutputBytes);
  child.stdout.on("data", output.add);
  child.stderr.on("data", output.add);
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    killGroup(child, "SIGTERM");
    killer ??= setTimeout(() => killGroup(child, "SIGKILL"), killGraceMs);
  };
  const deadline = setTimeout(end, o.timeoutMs);
  if (o.signal.aborted) end();
  o.signal.addEventListener("abort", end, { once: true });

  return new Promise((resolve) => {
    const finish = (ok: boolean, reason: string): void => {
      clearTimeout(deadline);
      clearTimeout(killer);
      o.signal.removeEventListener("abort", end);
      resolve({ ok, reason, output: output.text() });
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      finish(
        false,
        error.code === "ENOENT" ? `exec: "${program}": executable file not found in $PATH` : messageOf(error),
      );
    });
    child.once("close", (code, signal) => {
      finish(code === 0, signal === null ? `exit status ${code}` : `signal: ${signalWords[signal] ?? signal}`);
    });
  });
}

const signalWords: Readonly<Record<string, string>> = { SIGKILL: "killed", SIGTERM: "terminated", SIGINT: "interrupt" };

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It ended between the look and the call.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Keeps the last bytes that were added. */
function createTail(limit: number): { add(chunk: Buffer): void; text(): string } {
  let chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  return {
    add(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= 2 * limit) return;
      chunks = [Buffer.concat(chunks).subarray(-limit)];
      size = limit;
      cut = true;
    },
    text() {
      const all = Buffer.concat(chunks);
      return cut || all.length > limit ? `…${all.subarray(-limit).toString("utf8")}` : all.toString("utf8");
    },
  };
}
