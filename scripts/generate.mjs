// Generates all that is committed and made from something else: protobuf code (local plugin only), the CRD manifests, reference pages,
// the admin API's description, the charts' schemas and tables. With --check it compares instead of writing.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` };

/** Scripts that write files, with where they write them, from the root of the checkout. */
const writers = {
  "packages/contracts/src/crd/write-manifests.ts": "deploy/crds",
  "scripts/reference.mjs": "docs/reference",
  "apps/admin-api/src/write-openapi.ts": "apps/admin-api/openapi.yaml",
  "e2e/charts/write-chart-documents.ts": "deploy/charts",
};
/** Folders in which all is generated. */
const generatedFolders = ["packages/contracts/src/gen", "deploy/crds"];

/** @param {string} base what stands for the root of the checkout */
function generate(base) {
  execFileSync("buf", ["generate", "--template", "buf.gen.yaml", "--output", join(base, "proto")], {
    cwd: join(root, "proto"),
    env,
    stdio: "inherit",
  });
  for (const [script, target] of Object.entries(writers)) {
    const path = join(base, target);
    mkdirSync(dirname(path), { recursive: true });
    execFileSync(process.execPath, [join(root, script), path], { env, stdio: "inherit" });
  }
}

/** Paths of all files in a folder, from `base`. @param {string} base @param {string} folder */
function filesIn(base, folder = ".") {
  return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)));
}

/** What is not as it would be made now. @param {string} base where it was made */
function staleFiles(base) {
  const made = filesIn(base);
  const differs = (/** @type {string} */ file) =>
    !existsSync(join(root, file)) || !readFileSync(join(base, file)).equals(readFileSync(join(root, file)));
  const left = generatedFolders.flatMap((folder) => filesIn(root, folder)).filter((file) => !made.includes(file));
  return [...made.filter(differs), ...left];
}

if (process.argv.includes("--check")) {
  const base = mkdtempSync(join(tmpdir(), "burgee-generate-"));
  try {
    mkdirSync(join(base, "proto"), { recursive: true });
    generate(base);
    const stale = staleFiles(base);
    if (stale.length > 0) {
      process.stderr.write(`stale: ${stale.join(", ")}; run "npm run generate" and commit the result\n`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
} else generate(root);
