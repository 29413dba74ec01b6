// Writes the values.schema.json and README.md of the charts from their values.yaml: write-chart-documents.ts FOLDER. Called by scripts/generate.mjs.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chartDocuments } from "./chart-documents.ts";
import { chartsFolder } from "./chart-folders.ts";

const [folder = chartsFolder] = process.argv.slice(2);
for (const { path, text } of chartDocuments()) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
