import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
// biome-ignore lint/correctness/useImportExtensions: the extension is right, the .d.mts beside it only declares types
import { ensureKubectl } from "../../scripts/kubectl.mjs";
import { chartsFolder, root } from "./chart-folders.ts";

/** Folder of the documented values files. */
const examplesFolder = join(root, "deploy/examples/values");
export const namespace = "burgee-system";

/** An object that a chart renders. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** The documented values files by name, without their extension. */
export function exampleNames(): string[] {
  return readdirSync(examplesFolder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/** Values files and single values, as helm takes them. */
export interface Values {
  readonly example?: string | undefined;
  readonly set?: Readonly<Record<string, string>>;
}

export function valuesArgs({ example, set = {} }: Values): string[] {
  const files = example === undefined ? [] : ["--values", join(examplesFolder, `${example}.yaml`)];
  return [...files, ...Object.entries(set).flatMap(([key, value]) => ["--set", `${key}=${value}`])];
}

/** Runs the real helm without a network, a cluster or settings of this machine. Rejects with what it printed. */
export async function helm(args: readonly string[], kubeconfig = "/dev/null"): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "burgee-helm-"));
  try {
    const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig };
    const { helm: binary } = await ensureKubectl();
    const { stdout } = await promisify(execFile)(binary, args, { env, timeout: 120_000, maxBuffer: 64 << 20 });
    return stdout;
  } finally {
    await rm(home, { recursive: true });
  }
}

/** Everything that the chart would install. */
export async function render(values: Values = {}, chart = "burgee"): Promise<Rendered[]> {
  const args = ["template", "burgee", join(chartsFolder, chart), "--namespace", namespace, ...valuesArgs(values)];
  return parseAllDocuments(await helm(args))
    .map((document): unknown => document.toJS())
    .filter(isRendered);
}

function isRendered(object: unknown): object is Rendered {
  return (
    typeof object === "object" && object !== null && "kind" in object && "apiVersion" in object && "metadata" in object
  );
}
