import { type FieldValidation, prepare } from "./admission.ts";
import { clone, equal } from "./json.ts";
import type { KubeObject, ManagedFieldsEntry } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";

/**
 * What an update makes of the old object, to work on: what the client wants, of what is the client's to say, pruned and with
 * its defaults. Throws a 400 Status for unknown fields under strict validation.
 */
export function preparedDraft(
  resource: ResourceDefinition,
  o: { old: KubeObject; wanted: KubeObject; subresource: string | undefined; fieldValidation: FieldValidation },
): { draft: KubeObject; warnings: string[] } {
  const { old, wanted, subresource, fieldValidation } = o;
  const object = merged(resource, old, wanted, subresource);
  const stored = old.metadata.managedFields;
  const given = subresource === "finalize" ? undefined : givenFields(wanted);
  const own = equal(given, stored) ? undefined : given;
  delete object.metadata.managedFields;
  const draft = clone(object);
  if (own) draft.metadata.managedFields = clone(own);
  const warnings = prepare(resource, draft, { old, fieldValidation });
  // Those that are stored are many and need no work: they are replaced, never changed.
  if (!own && stored) draft.metadata.managedFields = stored;
  return { draft, warnings };
}

/** The managed fields that a client gives; a list of one empty entry is how it asks for none. */
function givenFields({ metadata: { managedFields } }: KubeObject): ManagedFieldsEntry[] | undefined {
  const [first] = managedFields ?? [];
  return first && Object.keys(first).length === 0 ? [] : managedFields;
}

/** What a write cannot change. */
const fixed: readonly string[] = [
  "uid",
  "creationTimestamp",
  "resourceVersion",
  "namespace",
  "generation",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];

function merged(
  resource: ResourceDefinition,
  old: KubeObject,
  wanted: KubeObject,
  subresource: string | undefined,
): KubeObject {
  if (subresource === "finalize") return { ...old, spec: wanted.spec, metadata: { ...old.metadata } };
  if (subresource === "status") {
    const { status: _status, ...rest } = old;
    // The revision of a Deployment comes with its status.
    const { annotations } = resource.hub === "apps/deployments" ? wanted.metadata : old.metadata;
    const metadata = { ...old.metadata, ...(annotations && { annotations }) };
    return { ...rest, ...(wanted.status !== undefined && { status: wanted.status }), metadata };
  }
  const metadata = { ...wanted.metadata };
  for (const name of fixed) if (old.metadata[name] !== undefined) metadata[name] = old.metadata[name];
  if (!resource.statusSubresource) return { ...wanted, metadata };
  const { status: _status, ...rest } = wanted;
  // A namespace's spec holds its finalizers, which only its finalize subresource changes.
  if (resource.hub === "/namespaces") rest.spec = old.spec;
  return { ...rest, ...(old.status !== undefined && { status: old.status }), metadata };
}
