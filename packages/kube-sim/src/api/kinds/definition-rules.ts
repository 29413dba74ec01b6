import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { type Constraints, like, oneOf, required, violations } from "./constraints.ts";

const approval = "api-approved.kubernetes.io";

/** What a definition breaks of the rules for groups of Kubernetes and for structural schemas. */
export function definitionProblems(definition: KubeObject): FieldProblem[] {
  const versions = objectsAt(definition, "spec", "versions");
  return [
    ...approvalProblems(definition),
    ...nameProblems(definition),
    ...versions.flatMap((version, index) =>
      versionProblems(version, versions.length === 1 ? "spec" : `spec.versions[${index}]`),
    ),
    ...versions.flatMap((version, index) => {
      const path = versions.length === 1 ? "spec.validation" : `spec.versions[${index}].schema`;
      return typeProblems(objectAt(version, "schema", "openAPIV3Schema"), `${path}.openAPIV3Schema`);
    }),
  ];
}

/** Groups of *.k8s.io and *.kubernetes.io need an approval, or the admission that there is none. */
function approvalProblems(definition: KubeObject): FieldProblem[] {
  const group = stringAt(definition, "spec", "group") ?? "";
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return [];
  const field = `metadata.annotations[${approval}]`;
  const value = definition.metadata.annotations?.[approval] ?? "";
  const page = "https://github.com/kubernetes/enhancements/pull/1111";
  if (value === "")
    return [
      { type: "Required", field, detail: `protected groups must have approval annotation "${approval}", see ${page}` },
    ];
  if (URL.canParse(value) || value.startsWith("unapproved")) return [];
  const detail = `protected groups must have approval annotation "${approval}" with either a URL or a reason starting with "unapproved", see ${page}`;
  return [{ type: "Invalid", field, value, detail }];
}

const labelRule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const label = like(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, labelRule);

const names: Constraints = {
  "spec.names.plural": label,
  "spec.names.singular": label,
  "spec.versions[].name": label,
  "spec.versions": (versions) => {
    const given = objectsAt({ versions }, "versions").map(({ name }) => name);
    return new Set(given).size < given.length
      ? { type: "Invalid", value: given, detail: "must contain unique version names" }
      : undefined;
  },
  "spec.conversion.strategy": oneOf("None", "Webhook"),
  "spec.preserveUnknownFields": (value) =>
    value === true
      ? {
          type: "Invalid",
          detail:
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
        }
      : undefined,
};

function nameProblems(definition: KubeObject): FieldProblem[] {
  return violations(definition, names);
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const simplePath = like(/^\./, "must be a simple json path starting with .");

const parts: Constraints = {
  "additionalPrinterColumns[].name": required(),
  "additionalPrinterColumns[].type": (value) =>
    columnTypes.includes(String(value)) ? undefined : { type: "Invalid", detail: `must be one of ${columnTypes}` },
  "additionalPrinterColumns[]": (column) => {
    const path = stringAt(column, "jsonPath") ?? "";
    return path.startsWith(".")
      ? undefined
      : { type: "Invalid", at: ".JSONPath", value: path, detail: "must be a simple json path starting with ." };
  },
  "subresources.scale.specReplicasPath": [required(), simplePath],
  "subresources.scale.statusReplicasPath": [required(), simplePath],
};

/** What is wrong with a version beside its schema, and with the root of that. */
function versionProblems(version: JsonObject, path: string): FieldProblem[] {
  const problems = violations(version, parts, path);
  const schema = objectAt(version, "schema", "openAPIV3Schema");
  const place = `${path === "spec" ? "spec.validation" : `${path}.schema`}.openAPIV3Schema`;
  if (schema.type !== undefined && schema.type !== "object") {
    const [field, value] = [`${place}.type`, schema.type];
    problems.push({ type: "Invalid", field, value, detail: "must be object at the root" });
  }
  const metadata = objectAt(schema, "properties", "metadata");
  const limits = Object.keys(objectAt(metadata, "properties")).filter(
    (name) => name !== "name" && name !== "generateName",
  );
  if (limits.length > 0) {
    const detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
    problems.push({ type: "Forbidden", field: `${place}.properties[metadata]`, detail });
  }
  return problems;
}

/** Every place of a structural schema says its type, or that anything may be there. */
function typeProblems(schema: JsonObject, path: string): FieldProblem[] {
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true || schema["x-kubernetes-int-or-string"] === true;
  const problems: FieldProblem[] = [];
  if (!schema.type && !open) {
    const detail = path.endsWith("openAPIV3Schema")
      ? "must not be empty at the root"
      : "must not be empty for specified object fields";
    problems.push({ type: "Required", field: `${path}.type`, detail });
  }
  for (const [name, child] of Object.entries(objectAt(schema, "properties"))) {
    if (isObject(child)) problems.push(...typeProblems(child, `${path}.properties[${name}]`));
  }
  for (const part of ["items", "additionalProperties"]) {
    const child = schema[part];
    if (isObject(child)) problems.push(...typeProblems(child, `${path}.${part}`));
  }
  return problems;
}
