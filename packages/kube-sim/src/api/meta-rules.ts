import type { KubeObject, OwnerReference } from "./object.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";
import type { FieldProblem } from "./status.ts";

const dns1123Subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dns1123Label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/;
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const annotationsLimit = 256 * 1024;
const standardFinalizers = new Set(["foregroundDeletion", "kubernetes", "orphan"]);

/** Kinds whose names are path segments, not DNS names. */
const freeNames = new Set(["rbac.authorization.k8s.io"]);
const labelNames = new Set(["namespaces", "services"]);

/** Whether a text can be the key of a label. */
export function labelKeyProblem(key: string): string | undefined {
  return labelKey.test(key) ? undefined : keyRule;
}

/** What is wrong with an object's metadata. */
export function metaProblems(
  resource: ResourceDefinition,
  draft: KubeObject,
  old: KubeObject | undefined,
): FieldProblem[] {
  const { labels, annotations, finalizers, ownerReferences } = draft.metadata;
  return [
    ...(old || freeNames.has(resource.group) ? [] : nameProblems(resource, draft.metadata.name)),
    ...labelProblems(labels ?? {}),
    ...annotationProblems(annotations ?? {}),
    ...ownerProblems(ownerReferences ?? []),
    ...(finalizers ?? []).flatMap((finalizer, index) => finalizerProblem(resource, finalizer, index)),
    ...addedFinalizers(draft, old),
  ];
}

function nameProblems(resource: ResourceDefinition, name: string): FieldProblem[] {
  const strict = labelNames.has(resource.plural) && !isCustom(resource);
  const limit = strict ? 63 : 253;
  const invalid = (detail: string): FieldProblem[] => [
    { type: "Invalid", field: "metadata.name", value: name, detail },
  ];
  if (!(strict ? dns1123Label : dns1123Subdomain).test(name)) return invalid(strict ? labelRule : subdomainRule);
  return name.length > limit ? invalid(`must be no more than ${limit} characters`) : [];
}

function labelProblems(labels: Record<string, string>): FieldProblem[] {
  const field = "metadata.labels";
  return Object.entries(labels).flatMap(([key, value]) => {
    const found: FieldProblem[] = [];
    if (!labelKey.test(key)) found.push({ type: "Invalid", field, value: key, detail: keyRule });
    if (value.length > 63) found.push({ type: "Invalid", field, value, detail: "must be no more than 63 bytes" });
    if (!labelValue.test(value)) found.push({ type: "Invalid", field, value, detail: valueRule });
    return found;
  });
}

function annotationProblems(annotations: Record<string, string>): FieldProblem[] {
  const field = "metadata.annotations";
  const found: FieldProblem[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    if (!labelKey.test(key.toLowerCase())) found.push({ type: "Invalid", field, value: key, detail: keyRule });
  }
  if (size > annotationsLimit) {
    found.push({ type: "TooLong", field, detail: `may not be more than ${annotationsLimit} bytes` });
  }
  return found;
}

function ownerProblems(owners: readonly OwnerReference[]): FieldProblem[] {
  const found = owners.flatMap((owner) =>
    (["apiVersion", "kind", "name", "uid"] as const)
      .filter((part) => !owner[part])
      .map((part): FieldProblem => {
        const field = `metadata.ownerReferences.${part}`;
        return { type: "Invalid", field, value: "", detail: "must not be empty" };
      }),
  );
  const controllers = owners.filter((owner) => owner.controller === true);
  if (controllers.length > 1) {
    const names = controllers.map(({ kind, name }) => `${kind}/${name}`).join(", ");
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    found.push({ type: "Invalid", field: "metadata.ownerReferences", value: owners, detail });
  }
  return found;
}

/** Names without a domain are refused by the built-in kinds' own rules only: custom objects may have them. */
function finalizerProblem(resource: ResourceDefinition, finalizer: string, index: number): FieldProblem[] {
  const field = `metadata.finalizers[${index}]`;
  if (!labelKey.test(finalizer)) return [{ type: "Invalid", field, value: finalizer, detail: keyRule }];
  if (isCustom(resource) || finalizer.includes("/") || standardFinalizers.has(finalizer)) return [];
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return [{ type: "Invalid", field, value: finalizer, detail }];
}

function addedFinalizers(draft: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const before = old?.metadata.finalizers ?? [];
  const added = (draft.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (!draft.metadata.deletionTimestamp || !old || added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(", ");
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [{ type: "Forbidden", field: "metadata.finalizers", detail }];
}
