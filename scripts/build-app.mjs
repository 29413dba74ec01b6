// Bundles the app in the current folder: src/main.ts into dist/main.mjs, and each src/NAME/main.ts into dist/NAME/main.mjs. What is
// imported dynamically goes into files of its own beside them, so that it costs neither start time nor memory while it is not used.
// Run by each app's `build` script.
import { existsSync, globSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: globSync("src/**/main.ts"),
  outbase: "src",
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  chunkNames: "parts/[name]-[hash]",
  metafile: true,
  platform: "node",
  format: "esm",
  target: "node22",
  sourcemap: true,
  legalComments: "none",
  // The text stays in memory. Names stay for the sake of stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
  // Bundled CommonJS dependencies call require for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});

// Parts of earlier builds.
const written = new Set(Object.keys(metafile.outputs).map((file) => resolve(file)));
for (const file of existsSync("dist/parts") ? globSync("dist/parts/*") : []) {
  if (!written.has(resolve(file))) rmSync(file);
}
