import { randomBytes, randomUUID } from "node:crypto";
import { admit, type FieldValidation } from "./admission.ts";
import { afterUpdate, type Manager } from "./apply/managed-fields.ts";
import { clone, equal, stringAt, stringsAt } from "./json.ts";
import { type Machinery, type Ref, storedFrom, storeKey, timestamp, viewOf } from "./machinery.ts";
import { type KubeObject, keyOf } from "./object.ts";
import { apiVersionOf, isCustom, type ResourceDefinition } from "./resource.ts";
import { alreadyExists, badRequest, conflict, forbidden, invalid, notFound } from "./status.ts";

/** How a write is to be done. */
export interface WriteOptions {
  fieldManager: string;
  dryRun: boolean;
  fieldValidation: FieldValidation;
}

/** The object after the write, in the version asked for. */
export interface Written {
  object: KubeObject;
  warnings: string[];
}

/** The object, or a 404 Status. */
export function read(api: Machinery, resource: ResourceDefinition, ref: Ref): KubeObject {
  const stored = api.store.get(resource.hub, storeKey(ref));
  if (!stored) throw notFound(resource, ref.name);
  return viewOf(stored, resource);
}

/** Creates an object. `managed`: server-side apply has already settled who owns what. */
export function create(
  api: Machinery,
  resource: ResourceDefinition,
  o: { namespace: string | undefined; body: KubeObject; options: WriteOptions; managed?: boolean },
): Written {
  const draft: KubeObject = clone(o.body);
  checkEnvelope(resource, draft);
  const { metadata } = draft;
  if (resource.namespaced) placeInNamespace(api, resource, draft, o.namespace);
  else delete metadata.namespace;
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName);
  if (!metadata.name) {
    const detail = "name or generateName is required";
    throw invalid(resource, "", [{ type: "Required", field: "metadata.name", detail }]);
  }
  if (metadata.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
  if (api.store.get(resource.hub, keyOf(draft))) throw alreadyExists(resource, metadata.name);
  const now = timestamp(api.now());
  metadata.uid = randomUUID();
  metadata.creationTimestamp = now;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  if (resource.generation !== "none") metadata.generation = 1;
  if (resource.statusSubresource) delete draft.status;
  const warnings = admit(resource, draft, { old: undefined, fieldValidation: o.options.fieldValidation });
  if (!o.managed) {
    delete metadata.managedFields;
    const manager = updater(resource, o.options.fieldManager);
    metadata.managedFields = afterUpdate({ before: undefined, after: draft, manager, shape: resource.shape, now });
  }
  return { object: save(api, resource, draft, o.options.dryRun), warnings };
}

/** Replaces an object, or one subresource of it. `draft` is the whole object as the client wants it. */
export function update(
  api: Machinery,
  resource: ResourceDefinition,
  o: { old: KubeObject; wanted: KubeObject; subresource: string | undefined; options: WriteOptions; managed?: boolean },
): Written {
  const { old, wanted } = o;
  checkEnvelope(resource, wanted);
  checkIdentity(resource, old, wanted);
  const draft = clone(merged(resource, old, wanted, o.subresource));
  const warnings = admit(resource, draft, { old, fieldValidation: o.options.fieldValidation });
  const now = timestamp(api.now());
  if (contentChanged(resource, old, draft)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
  if (!o.managed) {
    const manager = updater(resource, o.options.fieldManager, o.subresource);
    draft.metadata.managedFields = afterUpdate({ before: old, after: draft, manager, shape: resource.shape, now });
  }
  if (draft.metadata.managedFields?.length === 0) delete draft.metadata.managedFields;
  if (equal(withoutTimes(draft), withoutTimes(old))) return { object: old, warnings };
  if (isFinished(draft)) {
    const last = o.options.dryRun ? draft : api.store.remove(resource.hub, storedFrom(draft, resource));
    return { object: viewOf(last, resource), warnings };
  }
  return { object: save(api, resource, draft, o.options.dryRun), warnings };
}

function updater(resource: ResourceDefinition, name: string, subresource?: string): Manager {
  const manager: Manager = { name, operation: "Update", apiVersion: apiVersionOf(resource) };
  return subresource ? { ...manager, subresource } : manager;
}

function save(api: Machinery, resource: ResourceDefinition, draft: KubeObject, dryRun: boolean): KubeObject {
  if (dryRun) return draft;
  return viewOf(api.store.put(resource.hub, storedFrom(draft, resource)), resource);
}

/** Nothing is left to wait for: deleted, no finalizers, no grace to run out. */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0) return false;
  if (object.kind === "Namespace" && stringsAt(object, "spec", "finalizers").length > 0) return false;
  return object.kind !== "Pod" || (deletionGracePeriodSeconds ?? 0) === 0;
}

function merged(
  resource: ResourceDefinition,
  old: KubeObject,
  wanted: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, namespace } = old.metadata;
  const fixed = {
    uid,
    creationTimestamp,
    resourceVersion: old.metadata.resourceVersion,
    ...(namespace !== undefined && { namespace }),
    ...(generation !== undefined && { generation }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
  };
  const managedFields = wanted.metadata.managedFields ?? old.metadata.managedFields;
  const managed = managedFields && { managedFields };
  if (subresource === "status") {
    const { status: _status, ...rest } = old;
    const metadata = { ...old.metadata, ...fixed, ...managed };
    return { ...rest, ...(wanted.status !== undefined && { status: wanted.status }), metadata };
  }
  const metadata = { ...wanted.metadata, ...fixed, ...managed };
  if (subresource === "finalize") return { ...old, spec: wanted.spec, metadata: { ...old.metadata, ...fixed } };
  if (!resource.statusSubresource) return { ...wanted, metadata };
  const { status: _status, ...rest } = wanted;
  // A namespace's spec holds its finalizers, which only its finalize subresource changes.
  if (resource.hub === "/namespaces") rest.spec = old.spec;
  return { ...rest, ...(old.status !== undefined && { status: old.status }), metadata };
}

function checkEnvelope(resource: ResourceDefinition, object: KubeObject): void {
  const apiVersion = apiVersionOf(resource);
  object.apiVersion ||= apiVersion;
  object.kind ||= resource.kind;
  if (object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (object.kind !== resource.kind) {
    throw badRequest(`the kind in the data (${object.kind}) does not match the expected kind (${resource.kind})`);
  }
}

function checkIdentity(resource: ResourceDefinition, old: KubeObject, wanted: KubeObject): void {
  const { name, namespace, uid, resourceVersion } = wanted.metadata;
  if (name !== old.metadata.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${old.metadata.name})`);
  }
  if (namespace && namespace !== old.metadata.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (uid && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion === "" && isCustom(resource)) {
    const detail = "must be specified for an update";
    throw invalid(resource, name, [{ type: "Invalid", field: "metadata.resourceVersion", value: 0, detail }]);
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name);
}

function placeInNamespace(
  api: Machinery,
  resource: ResourceDefinition,
  draft: KubeObject,
  namespace: string | undefined,
): void {
  const { metadata } = draft;
  if (namespace === undefined) throw badRequest("an empty namespace may not be set during creation");
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  metadata.namespace = namespace;
  const home = api.store.get("/namespaces", namespace);
  if (!home) throw notFound({ group: "", plural: "namespaces", kind: "Namespace" }, namespace);
  if (stringAt(home, "status", "phase") === "Terminating") {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(resource, metadata.name, why, [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ]);
  }
}

/** Five characters that form no words, as the API server appends them. */
function generatedName(prefix: string): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const suffix = [...randomBytes(5)].map((byte) => letters[byte % letters.length]).join("");
  return prefix.slice(0, 58) + suffix;
}

function contentChanged(resource: ResourceDefinition, old: KubeObject, draft: KubeObject): boolean {
  if (resource.generation === "none") return false;
  const content = (object: KubeObject) => {
    const { metadata: _metadata, apiVersion: _apiVersion, status, ...rest } = object;
    return resource.generation === "all" ? { ...rest, status } : rest;
  };
  return !equal(content(old), content(draft));
}

/** Times in managedFields alone make no new version. */
function withoutTimes(object: KubeObject): KubeObject {
  const managedFields = (object.metadata.managedFields ?? []).map(({ time: _time, ...entry }) => entry);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
