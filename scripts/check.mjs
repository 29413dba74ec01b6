// What continuous integration runs, and `npm test`: generated code is fresh, lint, types, all tests, then the end-to-end stories.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** @type {[title: string, command: string, ...args: string[]][]} */
const checks = [
  ["generated code is fresh", process.execPath, "scripts/generate.mjs", "--check"],
  ["format", "biome", "format", "."],
  ["lint", "biome", "lint", "--error-on-warnings", "."],
  ["types", "turbo", "run", "typecheck", "--output-logs=errors-only"],
  ["tests", "vitest", "run", "--project", "!e2e"],
  ["end-to-end stories", "vitest", "run", "--project", "e2e"],
];

const only = process.argv.slice(2);
const began = Date.now();
for (const [title, command, ...args] of checks) {
  if (only.length > 0 && !only.some((word) => title.includes(word))) continue;
  const start = Date.now();
  process.stdout.write(`\n▸ ${title}\n`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: process.env });
  if (status !== 0) {
    process.stdout.write(
      `✗ ${title} failed: ${error?.message ?? `exit ${status}`}; run it alone with: npm test -- "${title}"\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`✓ ${title} (${Math.round((Date.now() - start) / 1000)} s)\n`);
}
process.stdout.write(`\n✓ all checks passed in ${Math.round((Date.now() - began) / 1000)} s\n`);
