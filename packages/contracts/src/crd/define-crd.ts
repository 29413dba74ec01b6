// From a kind's description to its CustomResourceDefinition.
import type { TSchema } from "typebox";

/** One column of `kubectl get`; priority 1 shows only with `-o wide`. */
export interface PrinterColumn {
  name: string;
  jsonPath: string;
  type?: "string" | "boolean" | "integer" | "date";
  priority?: number;
}

/** What is wrong with an object, for kinds whose owners are told by the condition InvalidSpec. */
export const invalidSpecColumn: PrinterColumn = {
  name: "Problem",
  jsonPath: '.status.conditions[?(@.type=="InvalidSpec")].message',
  priority: 1,
};

/** What a kind needs to be served. */
export interface KindDefinition {
  group: string;
  version: string;
  kind: string;
  plural: string;
  /** Default: the lower-case kind. */
  singular?: string;
  shortNames?: readonly string[];
  /** Default: `all`, so that `kubectl get all` lists it. */
  categories?: readonly string[];
  description: string;
  /** Schemas of the object's own fields (`spec`, `status`, …). */
  fields: Readonly<Record<string, TSchema>>;
  required?: readonly string[];
  /** Default: true. */
  statusSubresource?: boolean;
  columns?: readonly PrinterColumn[];
}

/** A CustomResourceDefinition as it is applied. */
export interface CrdManifest {
  apiVersion: "apiextensions.k8s.io/v1";
  kind: "CustomResourceDefinition";
  metadata: { name: string; annotations: Record<string, string> };
  spec: Record<string, unknown>;
}

/**
 * The CustomResourceDefinition of a kind: one served and stored version, namespaced, kept when its Helm release is uninstalled. Throws
 * when a schema uses what a structural schema may not contain.
 */
export function defineCrd(definition: KindDefinition): CrdManifest {
  const { group, version, kind, plural } = definition;
  const properties: Record<string, unknown> = {
    apiVersion: { type: "string", description: "Version of the schema of this object." },
    kind: { type: "string", description: "What this object is." },
    // The API server describes it, and takes no other description.
    metadata: { type: "object" },
  };
  for (const [name, schema] of Object.entries(definition.fields)) {
    properties[name] = structural(schema, `${kind}.${name}`);
  }
  const { status } = properties;
  if (typeof status === "object" && status !== null) {
    properties.status = { description: "What was observed last.", ...status };
  }
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, annotations: { "helm.sh/resource-policy": "keep" } },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: definition.singular ?? kind.toLowerCase(),
        ...(definition.shortNames === undefined ? {} : { shortNames: [...definition.shortNames] }),
        ...unlessEmpty("categories", [...(definition.categories ?? ["all"])]),
      },
      scope: "Namespaced",
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          ...((definition.statusSubresource ?? true) ? { subresources: { status: {} } } : {}),
          ...(definition.columns === undefined
            ? {}
            : { additionalPrinterColumns: definition.columns.map((c) => ({ type: "string", ...c })) }),
          schema: {
            openAPIV3Schema: {
              type: "object",
              description: definition.description,
              ...unlessEmpty("required", [...(definition.required ?? ["spec"])]),
              properties,
            },
          },
        },
      ],
    },
  };
}

/** The field, or nothing when it is empty: the API server does not store it then, so kubectl would find it changed at every apply. */
function unlessEmpty(field: string, value: object): Record<string, unknown> {
  return Object.keys(value).length === 0 ? {} : { [field]: value };
}

const forbidden = ["patternProperties", "$ref", "const", "definitions", "$defs"];

/** A copy fit for the API server: `additionalProperties: false` goes (pruning does its work), anything non-structural is refused. */
function structural(schema: unknown, path: string): unknown {
  if (Array.isArray(schema)) return schema.map((item, i) => structural(item, `${path}[${i}]`));
  if (typeof schema !== "object" || schema === null) return schema;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (forbidden.includes(key)) throw new Error(`${path} uses ${key}, which a structural schema may not contain`);
    if (key === "additionalProperties" && value === false) continue;
    if (key === "properties") Object.assign(copy, unlessEmpty(key, namedSchemas(value, path)));
    else copy[key] = structural(value, `${path}.${key}`);
  }
  return copy;
}

function namedSchemas(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null)
    throw new Error(`${path}.properties is ${value}, expected an object`);
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, structural(schema, `${path}.${name}`)]),
  );
}
