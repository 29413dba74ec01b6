import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { annotations } from "./kubelet/annotations.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

it("shows a snippet that works", async () => {
  const snippet = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "kube-sim-readme-"));
  const index = new URL("./index.ts", import.meta.url).href;
  const runnable = snippet
    .replace('"@burgee/kube-sim"', JSON.stringify(index))
    .replace('"deploy/crds"', JSON.stringify(folder))
    .replace('"kubeconfig"', JSON.stringify(join(folder, "kubeconfig")));
  const file = join(folder, "snippet.mjs");
  await writeFile(file, runnable);
  await import(file);
  expect(await readFile(join(folder, "kubeconfig"), "utf8")).toContain("current-context: kube-sim");
  await rm(folder, { recursive: true });
});

it("names every annotation that pods understand", () => {
  for (const name of Object.values(annotations)) if (name !== annotations.listenerPorts) expect(readme).toContain(name);
});
