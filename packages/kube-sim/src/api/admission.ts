import { dropNulls } from "./json.ts";
import type { KubeObject } from "./object.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";
import { applyDefaults } from "./schema/defaulting.ts";
import { pruneObject } from "./schema/prune.ts";
import { validate } from "./schema/validate.ts";
import { badRequest, type FieldProblem, invalid } from "./status.ts";

/** What to do with fields that the schema does not know. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

const dns1123Subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dns1123Label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/;

/** Kinds whose names are path segments, not DNS names. */
const freeNames = new Set(["rbac.authorization.k8s.io"]);
const labelNames = new Set(["namespaces", "services"]);

/**
 * Prunes a draft and fills in its defaults, in place. Returns the warnings. Throws a 400 Status for unknown fields
 * under strict validation.
 */
export function prepare(
  resource: ResourceDefinition,
  draft: KubeObject,
  o: { old: KubeObject | undefined; fieldValidation: FieldValidation },
): string[] {
  const warnings: string[] = [];
  if (resource.schema) {
    const unknown = pruneObject(draft, resource.schema);
    const texts = unknown.map((field) => `unknown field "${field}"`);
    if (o.fieldValidation === "Strict" && texts.length > 0) {
      throw badRequest(
        `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${texts.join(", ")}`,
      );
    }
    if (o.fieldValidation === "Warn") warnings.push(...texts);
    applyDefaults(draft, resource.schema);
  } else dropNulls(draft);
  resource.defaults?.(draft, o.old);
  return warnings;
}

/** Throws a 422 Status naming every field of a draft that is wrong. */
export function check(resource: ResourceDefinition, draft: KubeObject, old: KubeObject | undefined): void {
  const problems = [...metaProblems(resource, draft, old)];
  if (resource.schema) problems.push(...schemaProblems(resource, draft));
  problems.push(...(resource.validate?.(draft, old) ?? []));
  if (problems.length > 0) throw invalid(resource, draft.metadata.name, problems);
}

function schemaProblems(resource: ResourceDefinition, draft: KubeObject): FieldProblem[] {
  if (!resource.schema) return [];
  const { metadata: _metadata, ...properties } = resource.schema.properties ?? {};
  return validate(draft, { ...resource.schema, properties });
}

function metaProblems(resource: ResourceDefinition, draft: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { name, labels, annotations, finalizers, deletionTimestamp } = draft.metadata;
  if (!old && !freeNames.has(resource.group)) {
    const strict = labelNames.has(resource.plural) && !isCustom(resource);
    if (!(strict ? dns1123Label : dns1123Subdomain).test(name)) {
      problems.push({
        type: "Invalid",
        field: "metadata.name",
        value: name,
        detail: strict ? labelRule : subdomainRule,
      });
    } else if (name.length > (strict ? 63 : 253)) {
      const detail = `must be no more than ${strict ? 63 : 253} characters`;
      problems.push({ type: "Invalid", field: "metadata.name", value: name, detail });
    }
  }
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!labelKey.test(key)) {
      const detail = "name part must consist of alphanumeric characters, '-', '_' or '.'";
      problems.push({ type: "Invalid", field: "metadata.labels", value: key, detail });
    }
    if (!labelValue.test(value) || value.length > 63) {
      const detail =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
      problems.push({ type: "Invalid", field: "metadata.labels", value, detail });
    }
  }
  for (const key of Object.keys(annotations ?? {})) {
    if (!labelKey.test(key)) {
      const detail = "name part must consist of alphanumeric characters, '-', '_' or '.'";
      problems.push({ type: "Invalid", field: "metadata.annotations", value: key, detail });
    }
  }
  const added = (finalizers ?? []).filter((finalizer) => !(old?.metadata.finalizers ?? []).includes(finalizer));
  if (deletionTimestamp && old && added.length > 0) {
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`;
    problems.push({ type: "Forbidden", field: "metadata.finalizers", detail });
  }
  return problems;
}
