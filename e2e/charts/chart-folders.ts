import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Where the charts are. */
export const chartsFolder = join(root, "deploy/charts");
/** The chart that people install. */
export const umbrella = "burgee";

/** Names of all charts with values, the umbrella first. */
export function chartNames(): string[] {
  const names = readdirSync(chartsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "library")
    .map(({ name }) => name);
  return [umbrella, ...names.filter((name) => name !== umbrella).sort()];
}

/** The text of a file of a chart. */
export function chartFile(chart: string, path: string): string {
  return readFileSync(join(chartsFolder, chart, path), "utf8");
}
