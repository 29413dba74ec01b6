import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { readSpec } from "./read-spec.ts";
import { canaryOf } from "./testing/objects.ts";

const folder = fileURLToPath(new URL("../testdata/manifests", import.meta.url));
const settings = { provider: "kubernetes", minIntervalMs: 10_000, noCrossNamespaceRefs: false };
const documents = readdirSync(folder)
  .flatMap((file) => parseAllDocuments(readFileSync(`${folder}/${file}`, "utf8")).map((d): Canary => d.toJS()))
  .filter((object) => object.kind === "Canary")
  .map((canary) => [canary.metadata.name, canary] as const);

test.each(documents)("Canary %s of the documents is understood", (_name, canary) => {
  const { provider: _provider, ...spec } = canary.spec;
  const read = readSpec({ ...canary, metadata: { ...canary.metadata, uid: "u", namespace: "test" }, spec }, settings);
  expect(read).not.toHaveProperty("problems");
});

test("references to other namespaces are refused when the operator says so", () => {
  const analysis = {
    stepWeight: 10,
    metrics: [{ name: "a", templateRef: { name: "b", namespace: "other" } }],
    alerts: [{ name: "c", providerRef: { name: "d", namespace: "test" } }],
  };
  const read = readSpec(canaryOf({}, analysis), { ...settings, noCrossNamespaceRefs: true });
  expect("problems" in read && read.problems).toEqual([
    {
      path: "spec.analysis.metrics[0].templateRef.namespace",
      value: "other",
      expected: "test: cross-namespace references are blocked (--no-cross-namespace-refs)",
    },
  ]);
});
