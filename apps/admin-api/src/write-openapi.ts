// Writes openapi.yaml from the routes: `node src/write-openapi.ts [FILE]`.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openApiYaml } from "./openapi-document.ts";

writeFileSync(fileURLToPath(new URL("../openapi.yaml", import.meta.url)), await openApiYaml());
