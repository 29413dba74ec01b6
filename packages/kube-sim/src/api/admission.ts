import { at, dropNulls, equal } from "./json.ts";
import type { KubeObject } from "./object.ts";
import { metaProblems } from "./meta-rules.ts";
import { dedupeOwners, metaWarnings } from "./meta-warnings.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";
import { kindProblems } from "./kinds/rules.ts";
import { applyDefaults } from "./schema/defaulting.ts";
import { pruneObject } from "./schema/prune.ts";
import { validate } from "./schema/validate.ts";
import { type FieldProblem, invalid } from "./status.ts";
import { fieldsOf, Undecodable } from "./typed.ts";
import { metadataType } from "./types/built-in-types.ts";
import { dropEmpty } from "./types/drop-empty.ts";

/** What to do with fields that the schema does not know. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

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
  if (!resource.schema) dropNulls(draft);
  const schema = resource.schema ?? fieldsOf(resource);
  if (schema) {
    const unknown = pruneObject(draft, schema);
    const texts = (isCustom(resource) ? unknown.sort() : unknown).map((field) => `unknown field "${field}"`);
    if (o.fieldValidation === "Strict" && texts.length > 0) {
      throw new Undecodable(resource, `strict decoding error: ${texts.join(", ")}`);
    }
    if (o.fieldValidation === "Warn") warnings.push(...texts);
  }
  if (resource.schema) applyDefaults(draft, resource.schema);
  else if (schema) dropEmpty(draft, schema);
  dropEmpty(draft.metadata, metadataType);
  dedupeOwners(draft, warnings);
  resource.defaults?.(draft, o.old);
  warnings.push(...metaWarnings(resource, draft, o.old), ...(resource.warnings?.(draft, o.old) ?? []));
  return warnings;
}

/** Throws a 422 Status naming every field of a draft that is wrong. */
export function check(resource: ResourceDefinition, draft: KubeObject, old: KubeObject | undefined): void {
  const problems = [...metaProblems(resource, draft, old)];
  if (resource.schema) problems.push(...schemaProblems(resource, draft, old));
  problems.push(...(resource.validate?.(draft, old) ?? []));
  const fields = new Set(problems.map(({ field }) => field));
  problems.push(...kindProblems(resource, draft, old).filter(({ field }) => !fields.has(field)));
  if (problems.length > 0) throw invalid(resource, draft.metadata.name, problems);
}

function schemaProblems(resource: ResourceDefinition, draft: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  if (!resource.schema) return [];
  const { metadata: _metadata, ...properties } = resource.schema.properties ?? {};
  const problems = validate(draft, { ...resource.schema, properties });
  return old && problems.length > 0 ? problems.filter((problem) => !isAsItWas(problem, draft, old)) : problems;
}

/** What a schema that was made stricter finds wrong is left alone for as long as nobody changes it. */
function isAsItWas({ type, field }: FieldProblem, draft: KubeObject, old: KubeObject): boolean {
  if (field === "<nil>") return equal({ ...draft, metadata: 0 }, { ...old, metadata: 0 });
  const steps = field.split(/[.[\]]+/).filter((step) => step !== "");
  const place = (type === "Required" ? steps.slice(0, -1) : steps).map((step) =>
    /^\d+$/.test(step) ? Number(step) : step,
  );
  const value = place.length === 0 ? { ...draft, metadata: 0 } : at(draft, ...place);
  const before = place.length === 0 ? { ...old, metadata: 0 } : at(old, ...place);
  return value !== undefined && equal(value, before);
}
