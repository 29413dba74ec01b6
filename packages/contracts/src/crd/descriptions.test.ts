// `kubectl explain` is the manual: every field says what it is for.
import { describe, expect, test } from "vitest";
import { defineCrd } from "./define-crd.ts";
import { customResources } from "./index.ts";

/** Paths of fields without a description. The API server describes `metadata` itself, and lets nobody else. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { description, properties, items, additionalProperties } = schema as Record<string, unknown>;
  const own = typeof description === "string" && description !== "" ? [] : [path];
  const inside = [
    ...Object.entries(properties ?? {}).flatMap(([name, field]) => undescribed(field, `${path}.${name}`)),
    ...valuesOf(items).flatMap(([name, field]) => undescribed(field, `${path}[].${name}`)),
    ...valuesOf(additionalProperties).flatMap(([name, field]) => undescribed(field, `${path}{}.${name}`)),
  ];
  return [...own, ...inside];
}

/** The fields of the objects in a list or a map; these objects themselves are described by what they are in. */
function valuesOf(schema: unknown): [string, unknown][] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries((schema as Record<string, unknown>).properties ?? {});
}

describe("every field has a description", () => {
  for (const definition of customResources) {
    test(definition.kind, () => {
      const [version] = defineCrd(definition).spec.versions as { schema: { openAPIV3Schema: unknown } }[];
      expect(undescribed(version?.schema.openAPIV3Schema, "")).toEqual([".metadata"]);
    });
  }
});
