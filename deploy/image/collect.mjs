// Copies what the image of a service holds into an empty folder: node deploy/image/collect.mjs APP FOLDER. The last step before the Dockerfile's second stage.
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [app = "", folder = ""] = process.argv.slice(2);
const source = join(root, "apps", app);

if (folder === "" || !existsSync(join(source, "dist/main.mjs"))) {
  process.stderr.write(`usage: collect.mjs APP FOLDER, with APP built: ${app === "" ? "no app given" : app}\n`);
  process.exit(2);
}
if (existsSync(folder) && readdirSync(folder).length > 0) {
  process.stderr.write(`${folder} is expected to be empty\n`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
// The bundles are all the code there is; source maps stay with whoever built them.
cpSync(join(source, "dist"), join(folder, "dist"), { recursive: true, filter: (path) => !path.endsWith(".map") });
// Commands that the service brings along for its children.
if (existsSync(join(source, "shims"))) cpSync(join(source, "shims"), join(folder, "shims"), { recursive: true });
