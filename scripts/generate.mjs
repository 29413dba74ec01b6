// Generates all committed code: protobuf (local plugin only) and the CRD manifests. With --check it compares instead of writing.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };

/** Folders of generated code, from the root of the checkout. */
const folders = { protobuf: "packages/contracts/src/gen", crds: "deploy/crds" };

/** @param {string} base where the folders are written */
function generate(base) {
  mkdirSync(join(base, folders.crds), { recursive: true });
  execFileSync("buf", ["generate", "--template", "buf.gen.yaml", "--output", join(base, "proto")], {
    cwd: join(root, "proto"),
    env,
    stdio: "inherit",
  });
  execFileSync(
    process.execPath,
    [join(root, "packages/contracts/src/crd/write-manifests.ts"), join(base, folders.crds)],
    { env, stdio: "inherit" },
  );
}

if (process.argv.includes("--check")) {
  const base = mkdtempSync(join(tmpdir(), "burgee-generate-"));
  try {
    mkdirSync(join(base, "proto"), { recursive: true });
    generate(base);
    const stale = Object.values(folders).filter(
      (folder) =>
        spawnSync("diff", ["-r", "-q", join(base, folder), join(root, folder)], { stdio: "inherit" }).status !== 0,
    );
    if (stale.length > 0) {
      process.stderr.write(`stale: ${stale.join(", ")}; run "npm run generate" and commit the result\n`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
} else {
  generate(root);
}
