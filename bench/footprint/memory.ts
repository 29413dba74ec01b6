import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
/** What a started process is left alone before it counts as idle. */
const settleMs = 2_000;

/** Resident memory of a process in MiB, shared pages of the Node binary included: what a container limit is compared with. */
export async function rssMiB(pid: number): Promise<number> {
  const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}

/** The largest resident memory while something runs, looked at ten times a second. */
export async function peakRssMiB(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = await rssMiB(pid);
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    peak = Math.max(peak, await rssMiB(pid));
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
    await looking;
  }
  await look();
  return peak;
}

/** Resident memory in MiB of a process that has just become ready: when it has come to rest, and at its peak while it works. */
export async function idleAndLoaded(
  pid: number,
  work: () => Promise<void>,
): Promise<{ readonly idle: number; readonly loaded: number }> {
  await delay(settleMs);
  const idle = await rssMiB(pid);
  return { idle, loaded: await peakRssMiB(pid, work) };
}
