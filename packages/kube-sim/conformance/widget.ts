import type { JsonObject } from "../src/api/json.ts";
import type { Place } from "./place.ts";

/** The custom kind on which the cases try everything a structural schema can say. */
export function widgetDefinition(place: Place): JsonObject {
  return definition(place, { plural: "widgets", kind: "Widget", version });
}

/** A CustomResourceDefinition of the run with one version. */
export function definition(place: Place, o: { plural: string; kind: string; version: JsonObject }): JsonObject {
  const { plural, kind, version } = o;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${place.group}`, labels: place.label },
    spec: { group: place.group, scope: "Namespaced", names: { plural, kind }, versions: [version] },
  };
}

const text = { type: "string" };

const spec = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 10, description: "How large the widget is." },
    color: { type: "string", enum: ["red", "green"], default: "green" },
    code: { type: "string", pattern: "^[a-z]+$", minLength: 2, maxLength: 4 },
    ratio: { type: "number", exclusiveMinimum: true, minimum: 0 },
    when: { type: "string", format: "date-time" },
    target: { "x-kubernetes-int-or-string": true },
    note: { type: "string", nullable: true, default: "none" },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    labels: { type: "object", additionalProperties: text },
    nested: { type: "object", properties: { level: { type: "integer", default: 3 }, name: text } },
    replicas: { type: "integer" },
    plain: { type: "array", maxItems: 3, items: { type: "integer" } },
    tags: { type: "array", "x-kubernetes-list-type": "set", items: text },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name", "zone"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: text, zone: { type: "string", default: "a" }, count: { type: "integer" } },
      },
    },
    choice: {
      type: "object",
      properties: { left: text, right: text },
      oneOf: [{ required: ["left"] }, { required: ["right"] }],
    },
  },
};

const version = {
  name: "v1",
  served: true,
  storage: true,
  schema: {
    openAPIV3Schema: {
      type: "object",
      description: "A thing to try the API on.",
      properties: {
        spec,
        status: {
          type: "object",
          properties: { replicas: { type: "integer" }, selector: text, phase: text },
        },
      },
    },
  },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: ".spec.replicas",
      statusReplicasPath: ".status.replicas",
      labelSelectorPath: ".status.selector",
    },
  },
  additionalPrinterColumns: [
    { name: "Size", type: "integer", jsonPath: ".spec.size" },
    { name: "Color", type: "string", jsonPath: ".spec.color", priority: 1 },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
};
