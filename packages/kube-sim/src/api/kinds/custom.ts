import { at, equal, isObject, type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from "../json.ts";
import { timestamp } from "../machinery.ts";
import type { KubeObject } from "../object.ts";
import { byPriority } from "../registry.ts";
import { allVerbs, type Column, type ResourceDefinition } from "../resource.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { shapeOfSchema } from "../schema/shape-of-schema.ts";
import { builtInShape } from "../shape.ts";
import type { FieldProblem } from "../status.ts";
import { definitionWarnings } from "./definition-warnings.ts";
import { structuralProblems } from "./structural-schema.ts";
import { ageColumn, ageOf, nameColumn } from "./columns.ts";
import { printColumns } from "./print.ts";
import { evaluateJsonPath } from "./json-path.ts";
import { dropEmptyFields } from "./stored-definition.ts";

/** The kind that defines kinds. */
export function definitionResource(now: () => number): ResourceDefinition {
  const hub = "apiextensions.k8s.io/customresourcedefinitions";
  return {
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    listKind: "CustomResourceDefinitionList",
    plural: "customresourcedefinitions",
    singular: "customresourcedefinition",
    namespaced: false,
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    hub,
    verbs: allVerbs,
    statusSubresource: true,
    extraSubresources: [],
    generation: "spec",
    shape: builtInShape(),
    columns: printColumns[hub] ?? [],
    defaults: defaultDefinition,
    complete: (draft, old) => completeDefinition(draft, old, timestamp(now())),
    validate: validateDefinition,
    warnings: definitionWarnings,
  };
}

function defaultDefinition(draft: KubeObject): void {
  const spec = objectAt(draft, "spec");
  const names = objectAt(spec, "names");
  const kind = stringAt(names, "kind") ?? "";
  dropEmptyFields(spec);
  names.singular ??= kind.toLowerCase();
  names.listKind ??= `${kind}List`;
  spec.conversion ??= { strategy: "None" };
}

function completeDefinition(draft: KubeObject, old: KubeObject | undefined, now: string): void {
  const spec = objectAt(draft, "spec");
  const storage = objectsAt(spec, "versions").find((version) => version.storage === true);
  const before = stringsAt(old, "status", "storedVersions");
  const current = typeof storage?.name === "string" ? [storage.name] : [];
  const known = objectsAt(draft, "status", "conditions");
  const condition = (type: string, reason: string, message: string) =>
    known.find((entry) => entry.type === type) ?? { type, status: "True", lastTransitionTime: now, reason, message };
  draft.status = {
    ...objectAt(draft, "status"),
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    acceptedNames: objectAt(spec, "names"),
    storedVersions: [...new Set([...before, ...current])],
  };
}

function validateDefinition(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const spec = objectAt(object, "spec");
  const group = stringAt(spec, "group") ?? "";
  const plural = stringAt(spec, "names", "plural") ?? "";
  for (const [field, value] of [
    ["spec.group", group],
    ["spec.names.plural", plural],
    ["spec.names.kind", stringAt(spec, "names", "kind") ?? ""],
  ]) {
    if (!value) problems.push({ type: "Required", field: field ?? "", detail: "" });
  }
  if (!old && object.metadata.name !== `${plural}.${group}`) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    problems.push({ type: "Invalid", field: "metadata.name", value: object.metadata.name, detail });
  }
  if (spec.scope !== "Namespaced" && spec.scope !== "Cluster") {
    const detail = 'supported values: "Cluster", "Namespaced"';
    problems.push({ type: "NotSupported", field: "spec.scope", value: spec.scope, detail });
  }
  const versions = objectsAt(spec, "versions");
  if (versions.filter((version) => version.storage === true).length !== 1) {
    const detail = "must have exactly one version marked as storage version";
    problems.push({ type: "Invalid", field: "spec.versions", value: versions.map((version) => version.name), detail });
  }
  versions.forEach((version, index) => {
    const schema = at(version, "schema", "openAPIV3Schema");
    const field = `spec.versions[${index}].schema.openAPIV3Schema`;
    const path = versions.length === 1 ? "spec.validation.openAPIV3Schema" : field;
    if (isObject(schema)) problems.push(...structuralProblems(schema, path));
    else problems.push({ type: "Required", field, detail: "" });
  });
  for (const path of [["group"], ["scope"], ["names", "plural"], ["names", "kind"]]) {
    const value = at(spec, ...path);
    if (old && !equal(at(old, "spec", ...path), value)) {
      problems.push({ type: "Invalid", field: `spec.${path.join(".")}`, value, detail: "field is immutable" });
    }
  }
  return [...problems, ...storedProblems(object)];
}

/** Versions that objects may still be stored in have to stay. */
function storedProblems(definition: KubeObject): FieldProblem[] {
  const names = objectsAt(definition, "spec", "versions").map(({ name }) => name);
  return stringsAt(definition, "status", "storedVersions").flatMap((stored, index): FieldProblem[] => {
    if (names.length === 0 || names.includes(stored)) return [];
    const detail = `missing from spec.versions; ${stored} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${stored} and removes ${stored} from status.storedVersions`;
    return [{ type: "Invalid", field: `status.storedVersions[${index}]`, value: stored, detail }];
  });
}

/** The hub under which a definition's objects are stored. */
export function hubOf(definition: KubeObject): string {
  return `${stringAt(definition, "spec", "group")}/${stringAt(definition, "spec", "names", "plural")}`;
}

/** The served versions that a definition defines. */
export function customResources(definition: KubeObject): ResourceDefinition[] {
  const spec = objectAt(definition, "spec");
  const names = objectAt(spec, "names");
  return objectsAt(spec, "versions")
    .filter((version) => version.served === true)
    .map((version) => customResource(definition, spec, names, version));
}

function customResource(
  definition: KubeObject,
  spec: JsonObject,
  names: JsonObject,
  version: JsonObject,
): ResourceDefinition {
  const schema = schemaOf(version);
  const subresources = objectAt(version, "subresources");
  const scale = objectAt(subresources, "scale");
  const specReplicas = stringAt(scale, "specReplicasPath");
  const statusReplicas = stringAt(scale, "statusReplicasPath");
  const labelSelector = stringAt(scale, "labelSelectorPath");
  const hasStatus = isObject(subresources.status);
  const deprecation = deprecationOf(spec, version);
  return {
    group: stringAt(spec, "group") ?? "",
    version: stringAt(version, "name") ?? "",
    kind: stringAt(names, "kind") ?? "",
    listKind: stringAt(names, "listKind") ?? "",
    plural: stringAt(names, "plural") ?? "",
    singular: stringAt(names, "singular") ?? "",
    namespaced: spec.scope === "Namespaced",
    shortNames: stringsAt(names, "shortNames"),
    categories: stringsAt(names, "categories"),
    hub: hubOf(definition),
    verbs: allVerbs,
    statusSubresource: hasStatus,
    extraSubresources: [],
    generation: hasStatus ? "spec" : "all",
    schema,
    shape: shapeOfSchema(schema),
    columns: columnsOf(version),
    selectableFields: objectsAt(version, "selectableFields").map(({ jsonPath }) => String(jsonPath).replace(/^\./, "")),
    ...(deprecation !== undefined && { deprecation }),
    ...(specReplicas &&
      statusReplicas && { scale: { specReplicas, statusReplicas, ...(labelSelector && { labelSelector }) } }),
  };
}

/** What users of a version are told that its definition calls deprecated. */
function deprecationOf(spec: JsonObject, version: JsonObject): string | undefined {
  if (version.deprecated !== true) return undefined;
  if (typeof version.deprecationWarning === "string") return version.deprecationWarning;
  const kind = stringAt(spec, "names", "kind");
  const named = (name: unknown) => `${spec.group}/${name} ${kind}`;
  const [instead] = objectsAt(spec, "versions")
    .filter(({ served, deprecated }) => served === true && deprecated !== true)
    .map(({ name }) => String(name))
    .sort(byPriority);
  return `${named(version.name)} is deprecated${instead === undefined ? "" : `; use ${named(instead)}`}`;
}

/** A definition's schema is data of the user; what is read from it is checked where it is read. */
function schemaOf(version: JsonObject): JsonSchema {
  const schema = at(version, "schema", "openAPIV3Schema");
  return isObject(schema) ? schema : {};
}

function columnsOf(version: JsonObject): Column[] {
  const given = objectsAt(version, "additionalPrinterColumns").map(customColumn);
  return [nameColumn, ...(given.length > 0 ? given : [ageColumn])];
}

function customColumn(column: JsonObject): Column {
  const path = stringAt(column, "jsonPath") ?? "";
  const type = stringAt(column, "type");
  const description = stringAt(column, "description");
  const format = stringAt(column, "format");
  return {
    name: stringAt(column, "name") ?? "",
    type: type === "integer" || type === "number" || type === "boolean" || type === "date" ? type : "string",
    priority: typeof column.priority === "number" ? column.priority : 0,
    ...(description && { description }),
    ...(format && { format }),
    value: (object, now) => {
      const [value] = evaluateJsonPath(object, path);
      if (value === undefined || value === null) return null;
      if (type === "date") return ageOf(value, now);
      if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
      return JSON.stringify(value);
    },
  };
}
