import type { KubeObject, OwnerReference } from "./object.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";
import type { FieldProblem } from "./status.ts";

const dns1123Subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dns1123Label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const keyName = /^([A-Za-z0-9][-\w.]*)?[A-Za-z0-9]$/;
const labelValue = /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/;
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const slashRule =
  "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const annotationsLimit = 256 * 1024;
const standardFinalizers = new Set(["foregroundDeletion", "kubernetes", "orphan"]);

/** Kinds whose names are path segments, not DNS names. */
const freeNames = new Set(["rbac.authorization.k8s.io"]);
const labelNames = new Set(["namespaces", "services"]);

/** What is wrong with a text as the key of a label: `name` or `prefix/name`. */
export function labelKeyProblem(key: string): string | undefined {
  const parts = key.split("/");
  const [name = "", prefix] = parts.toReversed();
  if (parts.length > 2) return slashRule;
  if (prefix === "") return "prefix part must be non-empty";
  if (prefix !== undefined && !dns1123Subdomain.test(prefix)) return `prefix part ${subdomainRule}`;
  if (name === "") return "name part must be non-empty";
  if (name.length > 63) return "name part must be no more than 63 bytes";
  return keyName.test(name) ? undefined : keyRule;
}

/** What is wrong with a text as the value of a label. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return "must be no more than 63 bytes";
  return labelValue.test(value) ? undefined : valueRule;
}

/** What is wrong with an object's metadata. */
export function metaProblems(
  resource: ResourceDefinition,
  draft: KubeObject,
  old: KubeObject | undefined,
): FieldProblem[] {
  const { labels, annotations, finalizers, ownerReferences } = draft.metadata;
  return [
    ...(old || freeNames.has(resource.group) ? [] : nameProblems(resource, draft)),
    ...labelProblems(labels ?? {}),
    ...annotationProblems(annotations ?? {}),
    ...ownerProblems(ownerReferences ?? []),
    ...(finalizers ?? []).flatMap((finalizer, index) => finalizerProblem(resource, finalizer, index)),
    ...addedFinalizers(draft, old),
  ];
}

function nameProblems(resource: ResourceDefinition, { metadata: { name, generateName } }: KubeObject): FieldProblem[] {
  const strict = labelNames.has(resource.plural) && !isCustom(resource);
  const limit = strict ? 63 : 253;
  const problemOf = (text: string): string | undefined => {
    if (strict && text.includes(".")) return "must not contain dots";
    if (!(strict ? dns1123Label : dns1123Subdomain).test(text)) return strict ? labelRule : subdomainRule;
    return text.length > limit ? `must be no more than ${limit} characters` : undefined;
  };
  // What is generated from a prefix goes on behind its last hyphen.
  const ofPrefix = generateName ? problemOf(generateName.replace(/-$/, "a")) : undefined;
  const ofName = problemOf(name);
  return [...problem("metadata.generateName", generateName, ofPrefix), ...problem("metadata.name", name, ofName)];
}

function problem(field: string, value: unknown, detail: string | undefined): FieldProblem[] {
  return detail === undefined ? [] : [{ type: "Invalid", field, value, detail }];
}

function labelProblems(labels: Record<string, string>): FieldProblem[] {
  const field = "metadata.labels";
  return Object.entries(labels).flatMap(([key, value]) => [
    ...problem(field, key, labelKeyProblem(key)),
    ...problem(field, value, labelValueProblem(value)),
  ]);
}

function annotationProblems(annotations: Record<string, string>): FieldProblem[] {
  const field = "metadata.annotations";
  const found: FieldProblem[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    found.push(...problem(field, key, labelKeyProblem(key.toLowerCase())));
  }
  if (size > annotationsLimit) {
    found.push({ type: "TooLong", field, detail: `may not be more than ${annotationsLimit} bytes` });
  }
  return found;
}

function ownerProblems(owners: readonly OwnerReference[]): FieldProblem[] {
  const found = owners.flatMap(ownerProblem);
  const controllers = owners.filter((owner) => owner.controller === true);
  if (controllers.length > 1) {
    const names = controllers.map(({ kind, name }) => `${kind}/${name}`).join(", ");
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    found.push({ type: "Invalid", field: "metadata.ownerReferences", value: owners, detail });
  }
  return found;
}

function ownerProblem(owner: OwnerReference): FieldProblem[] {
  const { apiVersion, kind } = owner;
  const place = "metadata.ownerReferences";
  if (apiVersion === "v1" && kind === "Event")
    return problem(place, owner, "/v1, Kind=Event is disallowed from being an owner");
  const hasVersion = apiVersion !== "" && apiVersion.split("/").length <= 2;
  return [
    ...problem(`${place}.apiVersion`, apiVersion, hasVersion ? undefined : "version must not be empty"),
    ...(["kind", "name", "uid"] as const).flatMap((part) =>
      problem(`${place}.${part}`, "", owner[part] ? undefined : "must not be empty"),
    ),
  ];
}

/** Names without a domain are refused by the built-in kinds' own rules only: custom objects may have them. */
function finalizerProblem(resource: ResourceDefinition, finalizer: string, index: number): FieldProblem[] {
  const found = problem("metadata.finalizers", finalizer, labelKeyProblem(finalizer));
  if (isCustom(resource) || finalizer.includes("/") || standardFinalizers.has(finalizer)) return found;
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return [...found, ...problem(`metadata.finalizers[${index}]`, finalizer, detail)];
}

function addedFinalizers(draft: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const before = old?.metadata.finalizers ?? [];
  const added = (draft.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (!draft.metadata.deletionTimestamp || !old || added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(", ");
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [{ type: "Forbidden", field: "metadata.finalizers", detail }];
}
