// Generates all that is committed and made from something else: protobuf code (local plugin only), the CRD manifests, reference pages. With --check it compares instead of writing.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };

/** Generated folders and files, from the root of the checkout. */
const folders = { protobuf: "packages/contracts/src/gen", crds: "deploy/crds" };
const reference = "docs/reference";
const outputs = [...Object.values(folders), `${reference}/configuration.md`, `${reference}/metrics.md`];

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
  execFileSync(process.execPath, [join(root, "scripts/reference.mjs"), join(base, reference)], {
    env,
    stdio: "inherit",
  });
}

if (process.argv.includes("--check")) {
  const base = mkdtempSync(join(tmpdir(), "burgee-generate-"));
  try {
    mkdirSync(join(base, "proto"), { recursive: true });
    generate(base);
    const stale = outputs.filter(
      (output) =>
        spawnSync("diff", ["-r", "-q", join(base, output), join(root, output)], { stdio: "inherit" }).status !== 0,
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
  // Held to the charts' values by a test of its own.
  execFileSync(process.execPath, [join(root, "e2e/charts/write-chart-documents.ts")], { env, stdio: "inherit" });
}
