// Writes the values.schema.json and README.md of the charts from their values.yaml: node e2e/charts/write-chart-documents.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartDocuments } from "./chart-documents.ts";
import { chartsFolder } from "./chart-folders.ts";

for (const { path, text } of chartDocuments()) writeFileSync(join(chartsFolder, path), text);
