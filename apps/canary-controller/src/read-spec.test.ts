import { expect, test } from "vitest";
import { readSpec } from "./read-spec.ts";
import { documentedCanaries } from "./testing/documents.ts";
import { canaryOf } from "./testing/objects.ts";

const settings = { provider: "kubernetes", minIntervalMs: 10_000, noCrossNamespaceRefs: false };

test.each(documentedCanaries())("Canary $canary.metadata.name of the documents is understood", ({ canary }) => {
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
