// Bundles the app in the current folder: src/main.ts into dist/main.mjs, and each src/NAME/main.ts into dist/NAME/main.mjs. What is
// imported dynamically goes into files of its own beside them, so that it costs neither start time nor memory while it is not used.
// Run by each app's `build` script.
import { globSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { build } from "esbuild";

const { outputFiles } = await build({
  write: false,
  entryPoints: globSync("src/**/main.ts"),
  outbase: "src",
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  chunkNames: "parts/[name]-[hash]",
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

// The entries last, each at once: who starts the app meanwhile finds every part of what it reads.
const isPart = (/** @type {string} */ file) => file.includes("/parts/");
for (const { path, contents } of outputFiles.toSorted((a, b) => Number(isPart(b.path)) - Number(isPart(a.path)))) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}.new`, contents);
  renameSync(`${path}.${process.pid}.new`, path);
}

// Parts of earlier builds. Younger ones may still be loaded by processes that run.
const written = new Set(outputFiles.map(({ path }) => path));
const anHourAgo = Date.now() - 3_600_000;
for (const file of globSync("dist/parts/*").map((part) => resolve(part))) {
  if (!written.has(file) && (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < anHourAgo)
    rmSync(file, { force: true });
}
