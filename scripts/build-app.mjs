// Bundles the app in the current folder: src/main.ts into dist/main.mjs, and each src/NAME/main.ts into dist/NAME/main.mjs. Run by each app's `build` script.
import { globSync } from "node:fs";
import { build } from "esbuild";

await build({
  entryPoints: globSync("src/**/main.ts"),
  outbase: "src",
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
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
