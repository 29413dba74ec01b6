import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where a running demo's parts are, as its `--state` file says. */
export interface DemoState {
  readonly kubeServer: string;
  readonly flagd: string;
  readonly adminApi: string;
  /** The data of Redis and Prometheus and all logs are in it. */
  readonly folder: string;
  readonly pids: { readonly redis: number; readonly prometheus: number };
}

/** The last line of `--json`. */
export interface DemoOutcome {
  readonly promoted: boolean;
  readonly rolledBack: boolean;
  readonly alerts: number;
  readonly messages: readonly { readonly id: string; readonly text: string }[];
  readonly flagServed: boolean;
  readonly requests: { readonly total: number; readonly failed: number };
  readonly failedDuringGoodRollout: number;
  readonly seconds: number;
}

/** Arguments for the cluster that BURGEE_E2E_KUBECONFIG names, in its current context; none when it is not set. */
export function clusterFromEnvironment(): readonly string[] {
  const kubeconfig = process.env.BURGEE_E2E_KUBECONFIG;
  if (!kubeconfig) return [];
  const context = /^"?current-context"?:\s*["']?([^"'\s]+)/m.exec(readFileSync(kubeconfig, "utf8"))?.[1];
  if (context === undefined)
    throw new Error(`BURGEE_E2E_KUBECONFIG is ${kubeconfig}, expected a file with a current-context`);
  return ["--cluster", "--kubeconfig", kubeconfig, "--context", context];
}

/** `npm run demo -- --once --json`, already set up: the built demo as a process of its own. */
export class DemoProcess {
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), "burgee-e2e-"));
  readonly #exit: Promise<number>;
  #output = "";
  #stdout = "";

  constructor(args: readonly string[] = []) {
    this.#child = spawn(
      process.execPath,
      ["apps/demo/dist/main.mjs", "--once", "--json", "--state", this.#stateFile, ...args],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#output += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
    });
    this.#exit = once(this.#child, "close").then(([code, signal]) => code ?? signal);
  }

  get #stateFile(): string {
    return join(this.#folder, "state.json");
  }

  /** Undefined until the demo has written it. */
  state(): DemoState | undefined {
    try {
      return JSON.parse(readFileSync(this.#stateFile, "utf8"));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Everything it printed so far. */
  output(): string {
    return this.#output;
  }

  /** Process groups of what the demo runs right now, by the first word of the command, such as `apps/flagd/bin/flagd`. */
  processGroups(): Map<string, number> {
    const groups = new Map<string, number>();
    const processes = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
    for (const line of processes.split("\n")) {
      const [, pid, parent, command] = /^ *(\d+) +(\d+) sh -c .*exit \$code sh (\S+)/.exec(line) ?? [];
      if (Number(parent) === this.#child.pid && command !== undefined) groups.set(command, Number(pid));
    }
    return groups;
  }

  /** Waits for the end and reads the outcome; throws with the whole output when it did not exit with 0. */
  async outcome(): Promise<DemoOutcome> {
    const code = await this.#exit;
    if (code !== 0) throw new Error(`the demo ended with ${code}:\n${this.#output}`);
    return JSON.parse(this.#stdout.trimEnd().split("\n").at(-1) ?? "");
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#exit;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
