import { expect, test } from "vitest";
import { definitionWarnings } from "./definition-warnings.ts";

const rule = { "x-kubernetes-validations": [{ rule: "self.a > 1" }, { rule: "self.a < 9" }] };
const open = { type: "object", ...rule };

function definition(properties: object, more: object = {}) {
  const schema = { openAPIV3Schema: { type: "object", properties } };
  const versions = ["v1", "v2"].map((name) => ({ name, served: true, storage: name === "v1", schema }));
  const metadata = { name: "x.test.dev", uid: "", resourceVersion: "", creationTimestamp: "" };
  return {
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata },
    spec: { group: "test.dev", versions: versions.slice(0, 1), ...more },
  };
}

const root = "spec.versions[0].schema.openAPIV3Schema";

test("a definition without rules is taken without a word", () => {
  expect(definitionWarnings(definition({ spec: { type: "object" } }))).toEqual([]);
});

test("one warning names the place of the rules, however many they are", () => {
  expect(definitionWarnings(definition({ spec: open }))).toEqual([
    `kube-sim does not evaluate CEL: the rules of ${root}.properties[spec].x-kubernetes-validations are kept, but nothing is checked by them`,
  ]);
});

test("of several places the first is named and the others are counted", () => {
  const items = { type: "array", items: open };
  const [warning, ...more] = definitionWarnings(
    definition({ list: items, map: { type: "object", additionalProperties: open }, spec: open }),
  );
  expect(warning).toContain(
    `the rules of ${root}.properties[list].items.x-kubernetes-validations and 2 other places are`,
  );
  expect(more).toEqual([]);
});

test("a conversion by webhook between served versions is not done, and that is said", () => {
  const conversion = { strategy: "Webhook" };
  const several = ["v1", "v2"].map((name) => ({ name, served: true, storage: name === "v1" }));
  expect(definitionWarnings(definition({}, { conversion, versions: several }))).toEqual([
    "kube-sim does not call spec.conversion.webhook: its versions differ by apiVersion only",
  ]);
  expect(definitionWarnings(definition({}, { conversion }))).toEqual([]);
});
