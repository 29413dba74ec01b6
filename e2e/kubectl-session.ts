import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type KubeSim, type KubeSimOptions, startKubeSim } from "@burgee/kube-sim";
// biome-ignore lint/correctness/useImportExtensions: the extension is right, the .d.mts beside it only declares types
import { ensureKubectl } from "../scripts/kubectl.mjs";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));
/** Our custom resource definitions. */
export const definitions = join(root, "deploy/crds");

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real kubectl against a kube-sim that serves our kinds. */
export interface KubectlSession {
  readonly sim: KubeSim;
  /** Path and environment, for commands that go on. */
  readonly binary: string;
  readonly environment: NodeJS.ProcessEnv;
  run(args: readonly string[], input?: string): Promise<Outcome>;
  /** What a command prints; rejects when the command fails. Single quotes keep words together. */
  kubectl(command: string, input?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts both, with a home of their own: kubectl caches there what it discovers. */
export async function startKubectlSession(options: KubeSimOptions = {}): Promise<KubectlSession> {
  const { kubectl: binary } = await ensureKubectl();
  const folder = await mkdtemp(join(tmpdir(), "kubectl-"));
  const sim: KubeSim = await startKubeSim({ crds: [definitions], kubelet: { cwd: root }, ...options });
  const kubeconfig = join(folder, "config");
  await sim.writeKubeconfig(kubeconfig);
  const environment = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig };

  function run(args: readonly string[], input?: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = execFile(binary, [...args], { env: environment, timeout: 30_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
      child.stdin?.end(input ?? "");
    });
  }

  return {
    sim,
    binary,
    environment,
    run,
    async kubectl(command, input) {
      const outcome = await run(words(command), input);
      if (outcome.code !== 0) throw new Error(`kubectl ${command} ended with ${outcome.code}: ${outcome.stderr}`);
      return outcome.stdout;
    },
    async stop() {
      await sim.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Splits a command line; single quotes keep words together. */
export function words(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ""));
}
