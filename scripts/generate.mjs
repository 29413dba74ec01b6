// Generates all committed code: protobuf (local plugin only) and the CRD manifests. Used by `pnpm generate` and `pnpm check`.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };

execFileSync(join(bin, "buf"), ["generate", "--template", "buf.gen.yaml"], { cwd: join(root, "proto"), env, stdio: "inherit" });
execFileSync(process.execPath, [join(root, "packages/contracts/src/crd/write-manifests.ts"), join(root, "deploy/crds")], { env, stdio: "inherit" });
