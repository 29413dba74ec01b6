import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Seconds of CPU that a process and all its threads have used, in user mode and in the kernel. Linux only. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** What the kernel tells user space, whatever it uses itself. */
const ticksPerSecond = 100;

/** Keeps all threads of a process on one core. False where there is only one, or no taskset. */
export async function pin(pid: number, core: number): Promise<boolean> {
  if (availableParallelism() <= core) return false;
  try {
    await run("taskset", ["-acp", String(core), String(pid)]);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The process of this machine that listens on the port. */
export async function listeningProcess(port: number): Promise<number> {
  const inodes = new Set((await Promise.all(["tcp", "tcp6"].map((table) => listeners(table, port)))).flat());
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if ((await socketsOf(pid)).some((inode) => inodes.has(inode))) return Number(pid);
  }
  throw new Error(`no process of yours listens on port ${port}, expected --peer to be a flagd on this machine`);
}

const listening = "0A";

async function listeners(table: string, port: number): Promise<string[]> {
  const lines = (await readFile(`/proc/net/${table}`, "utf8")).trim().split("\n").slice(1);
  return lines.flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return state === listening && Number.parseInt(local.split(":")[1] ?? "", 16) === port ? [inode] : [];
  });
}

/** None for processes that are gone, or are somebody else's. */
async function socketsOf(pid: string): Promise<string[]> {
  try {
    const names = await readdir(`/proc/${pid}/fd`);
    const links = await Promise.allSettled(names.map((name) => readlink(`/proc/${pid}/fd/${name}`)));
    return links.flatMap((link) =>
      link.status === "fulfilled" ? (/^socket:\[(\d+)\]$/.exec(link.value)?.[1] ?? []) : [],
    );
  } catch (error) {
    if (error instanceof Error && "code" in error) return [];
    throw error;
  }
}
