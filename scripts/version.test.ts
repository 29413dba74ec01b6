// One version for the whole repository: what services print, packages, charts and the API's description name the one in the root package.json.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What the chart of Redis runs has a version of its own. */
const foreign = { file: "deploy/charts/redis/Chart.yaml", line: /^appVersion: .*$/m };
const versions = /^\s*"?(?:version|appVersion)"?: "?(\d[\w.-]*)"?,?$/gm;

function text(file: string): string {
  const all = readFileSync(join(root, file), "utf8");
  return file === foreign.file ? all.replace(foreign.line, "") : all;
}

const versionsIn = (file: string): string[] => [...text(file).matchAll(versions)].map(([, version = ""]) => version);

const [current = ""] = versionsIn("package.json");
const files = globSync(
  [
    "apps/*/package.json",
    "packages/*/package.json",
    "{e2e,bench}/package.json",
    "deploy/charts/*/Chart.yaml",
    "apps/admin-api/openapi.yaml",
  ],
  { cwd: root },
);

test.each(files.sort())("%s has the version of the repository", (file) => {
  expect(current).toMatch(/^\d+\.\d+\.\d+/);
  expect(versionsIn(file).length).toBeGreaterThan(0);
  expect(versionsIn(file).filter((version) => version !== current)).toEqual([]);
});
