import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";

const approval = "api-approved.kubernetes.io";

/** What a definition breaks of the rules for groups of Kubernetes and for structural schemas. */
export function definitionProblems(definition: KubeObject): FieldProblem[] {
  const versions = objectsAt(definition, "spec", "versions");
  return [
    ...approvalProblems(definition),
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
