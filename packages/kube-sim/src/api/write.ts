import { randomBytes, randomUUID } from "node:crypto";
import type { UserInfo } from "../auth/user.ts";
import type { AdmissionRequest } from "./admission/admission-request.ts";
import { mutate, validate } from "./admission/webhooks.ts";
import { check, type FieldValidation, prepare } from "./admission.ts";
import { afterUpdate, isUnchanged, type Manager } from "./apply/managed-fields.ts";
import { checkAccount, checkEnvelope, checkIdentity, placeInNamespace } from "./envelope.ts";
import { clone, equal, type JsonObject, stringsAt } from "./json.ts";
import { type Machinery, type Ref, storedFrom, storeKey, timestamp, viewOf } from "./machinery.ts";
import { type KubeObject, keyOf } from "./object.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource.ts";
import { alreadyExists, ApiError, conflict, invalid, notFound } from "./status.ts";

/** How a write is to be done. */
export interface WriteOptions {
  fieldManager: string;
  dryRun: boolean;
  fieldValidation: FieldValidation;
  user: UserInfo;
  /** The options as webhooks read them. */
  asGiven: JsonObject;
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
export async function create(
  api: Machinery,
  resource: ResourceDefinition,
  o: { namespace: string | undefined; body: KubeObject; options: WriteOptions; managed?: boolean },
): Promise<Written> {
  const { options } = o;
  let draft: KubeObject = clone(o.body);
  checkEnvelope(resource, draft);
  const { metadata } = draft;
  if (resource.namespaced) placeInNamespace(api, resource, draft, o.namespace);
  else delete metadata.namespace;
  const generated = !metadata.name && metadata.generateName;
  if (generated) metadata.name = generatedName(generated);
  if (!metadata.name) {
    const detail = "name or generateName is required";
    throw invalid(resource, "", [{ type: "Required", field: "metadata.name", detail }]);
  }
  if (metadata.resourceVersion)
    throw new ApiError(500, "", "resourceVersion should not be set on objects to be created");
  const now = timestamp(api.now());
  metadata.uid = randomUUID();
  metadata.creationTimestamp = now;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.generation;
  if (resource.generation !== "none") metadata.generation = 1;
  // Nodes introduce themselves with their status.
  if (resource.statusSubresource && resource.hub !== "/nodes") delete draft.status;
  const warnings = prepare(resource, draft, { old: undefined, fieldValidation: options.fieldValidation });
  if (!o.managed) {
    delete metadata.managedFields;
    const manager = updater(resource, options.fieldManager);
    metadata.managedFields = afterUpdate({ before: undefined, after: draft, manager, shape: resource.shape, now });
  }
  const request: AdmissionRequest = {
    ...{ operation: "CREATE", resource, subresource: undefined, namespace: metadata.namespace, name: metadata.name },
    ...{
      object: draft,
      oldObject: undefined,
      user: options.user,
      dryRun: options.dryRun,
      options: { kind: "CreateOptions", ...options.asGiven },
    },
  };
  const submitted = { ...draft, metadata: { ...metadata, uid: "", name: generated ? "" : metadata.name } };
  const mutated = await mutate(api, { ...request, name: submitted.metadata.name, object: submitted }, warnings);
  if (mutated) {
    const { uid, creationTimestamp, name } = metadata;
    draft = clone({ ...mutated, metadata: { ...mutated.metadata, uid, creationTimestamp, name } });
    prepare(resource, draft, { old: undefined, fieldValidation: "Ignore" });
  }
  resource.complete?.(draft, undefined);
  checkAccount(api, resource, draft);
  check(resource, draft, undefined);
  await validate(api, { ...request, object: draft }, warnings);
  if (resource.namespaced) placeInNamespace(api, resource, draft, o.namespace);
  const present = api.store.get(resource.hub, keyOf(draft));
  if (present) throw alreadyExists(resource, draft.metadata.name, present.metadata.deletionTimestamp !== undefined);
  if (draft.metadata.managedFields?.length === 0) delete draft.metadata.managedFields;
  return { object: save(api, resource, draft, options.dryRun), warnings };
}

/** What an update is about. */
export interface UpdateRequest {
  old: KubeObject;
  /** The whole object as the client wants it. */
  wanted: KubeObject;
  subresource: string | undefined;
  options: WriteOptions;
  /** Server-side apply has already settled who owns what. */
  managed?: boolean;
  /** How webhooks see the write where they see something else than the object: a Scale. */
  shownAs?: AdmissionView;
}

/** Something that stands for an object while webhooks look at it. */
export interface AdmissionView {
  subresource: string;
  show(object: KubeObject): KubeObject;
  accept(object: KubeObject, shown: KubeObject): KubeObject;
}

/**
 * Replaces an object, or one subresource of it. Throws Overtaken when somebody else changed it while webhooks were
 * asked: see `untilSettled`.
 */
export async function update(api: Machinery, resource: ResourceDefinition, o: UpdateRequest): Promise<Written> {
  const { old, wanted, options } = o;
  checkEnvelope(resource, wanted);
  checkIdentity(resource, old, wanted);
  let draft = draftOf(merged(resource, old, wanted, o.subresource));
  const warnings = prepare(resource, draft, { old, fieldValidation: options.fieldValidation });
  const now = timestamp(api.now());
  if (!o.managed) {
    const manager = updater(resource, options.fieldManager, o.shownAs?.subresource ?? o.subresource);
    draft.metadata.managedFields = afterUpdate({ before: old, after: draft, manager, shape: resource.shape, now });
  }
  const show = (object: KubeObject) => o.shownAs?.show(object) ?? object;
  const request: AdmissionRequest = {
    ...{ operation: "UPDATE", resource, subresource: o.shownAs?.subresource ?? o.subresource },
    ...{ namespace: old.metadata.namespace, name: old.metadata.name, object: show(draft), oldObject: show(old) },
    ...{ user: options.user, dryRun: options.dryRun, options: { kind: "UpdateOptions", ...options.asGiven } },
  };
  const mutated = await mutate(api, request, warnings);
  if (mutated) {
    draft = clone(merged(resource, old, o.shownAs?.accept(draft, mutated) ?? mutated, o.subresource));
    prepare(resource, draft, { old, fieldValidation: "Ignore" });
  }
  resource.complete?.(draft, old);
  check(resource, draft, old);
  if (o.subresource !== "status" && contentChanged(resource, old, draft))
    draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
  await validate(api, { ...request, object: show(draft) }, warnings);
  const present = api.store.get(resource.hub, keyOf(old));
  if (present?.metadata.resourceVersion !== old.metadata.resourceVersion) throw new Overtaken(resource, old);
  if (draft.metadata.managedFields?.length === 0) delete draft.metadata.managedFields;
  if (isUnchanged(draft, old)) return { object: old, warnings };
  if (isFinished(draft)) {
    const last = options.dryRun ? draft : api.store.remove(resource.hub, storedFrom(draft, resource));
    return { object: viewOf(last, resource), warnings };
  }
  return { object: save(api, resource, draft, options.dryRun), warnings };
}

/** The object changed between its being read and its being written. */
class Overtaken extends Error {
  readonly answer: ApiError;

  constructor(resource: ResourceDefinition, { metadata }: KubeObject) {
    super("overtaken by another write");
    this.answer = conflict(resource, metadata.name);
  }
}

const attempts = 5;

/** Repeats reading and writing while others write in between; in the end a 409 Status. */
export async function untilSettled<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      if (tries === attempts) throw error.answer;
    }
  }
}

/** A copy to work on. The managed fields are not worked on, only replaced, so that they need no copy. */
function draftOf(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata;
  const draft = clone({ ...object, metadata });
  if (managedFields) draft.metadata.managedFields = managedFields;
  return draft;
}

function updater(resource: ResourceDefinition, name: string, subresource?: string): Manager {
  const manager: Manager = { name, operation: "Update", apiVersion: apiVersionOf(resource) };
  return subresource ? { ...manager, subresource } : manager;
}

function save(api: Machinery, resource: ResourceDefinition, draft: KubeObject, dryRun: boolean): KubeObject {
  if (dryRun) return draft.metadata.resourceVersion ? draft : withoutVersion(draft);
  return viewOf(api.store.put(resource.hub, storedFrom(draft, resource)), resource);
}

/** What is tried has no version, and does not show an empty one. */
function withoutVersion(draft: KubeObject): KubeObject {
  const metadata: KubeObject["metadata"] = { ...draft.metadata };
  Reflect.deleteProperty(metadata, "resourceVersion");
  return { ...draft, metadata };
}

/** Nothing is left to wait for: deleted, no finalizers, no grace to run out. */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0) return false;
  if (object.kind === "Namespace" && stringsAt(object, "spec", "finalizers").length > 0) return false;
  return object.kind !== "Pod" || (deletionGracePeriodSeconds ?? 0) === 0;
}

/** A list of one empty entry is how clients ask for none. */
function managedFieldsOf({ metadata: { managedFields } }: KubeObject): KubeObject["metadata"]["managedFields"] {
  const [first] = managedFields ?? [];
  return first && Object.keys(first).length === 0 ? [] : managedFields;
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
  const managedFields = managedFieldsOf(wanted) ?? old.metadata.managedFields;
  const managed = managedFields && { managedFields };
  if (subresource === "status") {
    const { status: _status, ...rest } = old;
    // The revision of a Deployment comes with its status.
    const { annotations } = resource.hub === "apps/deployments" ? wanted.metadata : old.metadata;
    const metadata = { ...old.metadata, ...fixed, ...managed, ...(annotations && { annotations }) };
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

/** Five characters that form no words, as the API server appends them. */
function generatedName(prefix: string): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const suffix = [...randomBytes(5)].map((byte) => letters[byte % letters.length]).join("");
  return prefix.slice(0, 58) + suffix;
}

function contentChanged(resource: ResourceDefinition, old: KubeObject, draft: KubeObject): boolean {
  if (resource.generation === "none") return false;
  const content = (object: KubeObject) => {
    const { metadata, apiVersion: _apiVersion, status, ...rest } = object;
    if (resource.hub === "apps/deployments") return { ...rest, annotations: metadata.annotations };
    return resource.generation === "all" ? { ...rest, status } : rest;
  };
  return !equal(content(old), content(draft));
}
