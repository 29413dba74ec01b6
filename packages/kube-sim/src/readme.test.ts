import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vitest from "vitest";
import { annotations } from "./kubelet/annotations.ts";

const { afterAll, expect, it } = vitest;
const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

const [suite = "", snippet = ""] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
const index = new URL("./index.ts", import.meta.url).href;
const folder = await mkdtemp(join(tmpdir(), "kube-sim-readme-"));
afterAll(() => rm(folder, { recursive: true }));

/** The text as it works from anywhere. What it takes from vitest is what runs this file: a second copy knows of no suite. */
const importable = (text: string) =>
  text
    .replace('"@burgee/kube-sim"', JSON.stringify(index))
    .replace(/import (\{[^}]*\}) from "vitest";/, "const $1 = globalThis.readmeVitest;");

// The suite of the README is a suite of this file.
Object.assign(globalThis, { readmeVitest: vitest });
const suiteFile = join(folder, "suite.mjs");
await writeFile(suiteFile, importable(suite));
await import(suiteFile);

it("shows a suite of ten lines", () => {
  expect(suite).toContain("test(");
  expect(suite.trim().split("\n").length).toBeLessThan(15);
});

it("shows a snippet that works", async () => {
  const runnable = importable(snippet)
    .replace('"deploy/crds"', JSON.stringify(folder))
    .replace('"kubeconfig"', JSON.stringify(join(folder, "kubeconfig")));
  const file = join(folder, "snippet.mjs");
  await writeFile(file, runnable);
  await import(file);
  expect(await readFile(join(folder, "kubeconfig"), "utf8")).toContain("current-context: kube-sim");
});

it("names every annotation that pods understand", () => {
  for (const name of Object.values(annotations)) if (name !== annotations.listenerPorts) expect(readme).toContain(name);
});
