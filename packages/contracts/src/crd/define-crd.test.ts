import Type from "typebox";
import { describe, expect, test } from "vitest";
import { canaryKind } from "./canary.ts";
import { defineCrd, type KindDefinition } from "./define-crd.ts";
import { anyJson, mapOf, oneOf } from "./field.ts";
import { customResources } from "./index.ts";

const kind = (spec: KindDefinition["fields"][string]): KindDefinition => ({
  group: "example.com",
  version: "v1",
  kind: "Thing",
  plural: "things",
  description: "A thing.",
  fields: { spec },
});

describe("a CustomResourceDefinition", () => {
  test("survives an uninstall and is listed by kubectl get all", () => {
    const crd = defineCrd(canaryKind);
    expect(crd.metadata).toEqual({ name: "canaries.flagger.app", annotations: { "helm.sh/resource-policy": "keep" } });
    expect(crd.spec).toMatchObject({
      scope: "Namespaced",
      names: { listKind: "CanaryList", singular: "canary", categories: ["all"] },
    });
  });

  test("has upstream's printer columns in upstream's order", () => {
    expect(canaryKind.columns?.map(({ name, priority }) => [name, priority ?? 0])).toEqual([
      ["Status", 0],
      ["Weight", 0],
      ["Suspended", 1],
      ["FailedChecks", 1],
      ["Interval", 1],
      ["Mirror", 1],
      ["StepWeight", 1],
      ["StepWeights", 1],
      ["MaxWeight", 1],
      ["LastTransitionTime", 0],
      ["Hold", 1],
    ]);
  });

  test("writes choices as enum, maps as additionalProperties and any JSON as preserved", () => {
    const spec = Type.Object({ mode: oneOf(["a", "b"], "m"), data: mapOf(anyJson("any"), "d") });
    const written = {
      type: "object",
      required: ["mode", "data"],
      properties: {
        mode: { type: "string", enum: ["a", "b"] },
        data: { type: "object", additionalProperties: { "x-kubernetes-preserve-unknown-fields": true } },
      },
    };
    expect(defineCrd(kind(spec)).spec).toMatchObject({
      versions: [{ schema: { openAPIV3Schema: { properties: { spec: written } } } }],
    });
  });

  test("leaves out what is empty", () => {
    const crd = defineCrd({ ...kind(Type.Object({})), categories: [], required: [] });
    expect(JSON.stringify(crd)).not.toMatch(/\[\]|"properties":\{\}/);
  });

  test("refuses what a structural schema may not contain, naming the place", () => {
    const spec = Type.Object({ data: Type.Record(Type.String(), Type.String()) });
    expect(() => defineCrd(kind(spec))).toThrow("Thing.spec.data uses patternProperties");
  });

  test("of every kind can be made, under its own name", () => {
    const names = customResources.map((definition) => defineCrd(definition).metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });
});
