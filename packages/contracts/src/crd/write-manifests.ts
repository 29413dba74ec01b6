// Writes one CustomResourceDefinition manifest per kind into the folder given as the first argument.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { customResources, defineCrd } from "./index.ts";

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: node write-manifests.ts FOLDER\n");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const definition of customResources) {
  const manifest = defineCrd(definition);
  const text = stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false });
  writeFileSync(
    join(folder, `${manifest.metadata.name}.yaml`),
    `# Generated from packages/contracts/src/crd; run "npm run generate".\n${text}`,
  );
}
