// Writes the API's description from the routes: write-openapi.ts FILE. Called by scripts/generate.mjs.
import { writeFileSync } from "node:fs";
import { openApiYaml } from "./openapi-document.ts";

const [file = "openapi.yaml"] = process.argv.slice(2);
writeFileSync(file, await openApiYaml());
