import { decode } from "./body.ts";
import type { Manager } from "./apply/managed-fields.ts";
import { refuseOtherNode } from "./pods.ts";
import { serverSideApply } from "./apply/server-side-apply.ts";
import { typedProblems } from "./apply/typed-problems.ts";
import { checkName } from "./envelope.ts";
import { clone, isObject } from "./json.ts";
import { type Machinery, type Ref, storeKey, timestamp, viewOf } from "./machinery.ts";
import { type KubeObject, objectFromBody } from "./object.ts";
import { jsonPatch } from "./patch/json-patch.ts";
import { mergePatch } from "./patch/merge-patch.ts";
import { strategicPatch } from "./patch/strategic-patch.ts";
import { apiVersionOf, isCustom, type ResourceDefinition } from "./resource.ts";
import {
  ApiError,
  badRequest,
  conflict,
  invalid,
  invalidOption,
  notFound,
  unsupportedMediaType,
  unsupportedPatch,
} from "./status.ts";
import { decodeTypes, fieldsOf, Undecodable } from "./typed.ts";
import { create } from "./create.ts";
import { update } from "./update.ts";
import { read, type WriteOptions, type Written } from "./write.ts";

const patchTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** A PATCH as it came in. */
export interface PatchRequest {
  ref: Ref;
  subresource: string | undefined;
  body: Buffer;
  mediaType: string;
  force: boolean;
  /** The caller named a field manager; server-side apply needs it. */
  namedManager: boolean;
  options: WriteOptions;
  /** Throws a 403 Status unless the caller may create the object. */
  demandCreate(): void;
}

/** Throws 415 for a patch type the kind does not take. */
export function checkPatchType(resource: ResourceDefinition, mediaType: string): void {
  const known = Object.values(patchTypes).filter((type) => type !== patchTypes.strategic || !isCustom(resource));
  if (known.includes(mediaType)) return;
  throw isCustom(resource) ? unsupportedMediaType(known) : unsupportedPatch();
}

/** The target of a patch of a type the kind takes, changed as the patch says. */
export function patched(resource: ResourceDefinition, target: unknown, body: Buffer, mediaType: string): unknown {
  const patch = decode(body, "application/json");
  if (mediaType === patchTypes.json) return jsonPatch(target, patch);
  if (patch === null && mediaType === patchTypes.strategic) return target;
  if (!isObject(patch)) throw unreadablePatch(patch, mediaType);
  return mediaType === patchTypes.strategic ? strategicPatch(target, patch, resource.shape) : mergePatch(target, patch);
}

function unreadablePatch(patch: unknown, mediaType: string): ApiError {
  if (patch === null) return badRequest("Invalid JSON Patch");
  if (patch === undefined) return badRequest("error decoding patch: unexpected end of JSON input");
  const type = Array.isArray(patch) ? "array" : typeof patch === "boolean" ? "bool" : typeof patch;
  const why = `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  return badRequest(mediaType === patchTypes.strategic ? why : `error decoding patch: ${why}`);
}

/** Carries out a PATCH. `created`: server-side apply has made the object. */
export async function patch(
  api: Machinery,
  resource: ResourceDefinition,
  request: PatchRequest,
): Promise<Written & { created: boolean }> {
  checkPatchType(resource, request.mediaType);
  if (request.mediaType === patchTypes.apply) return apply(api, resource, request);
  const old = read(api, resource, request.ref);
  if (request.force) {
    const detail = "may not be specified for non-apply patch";
    throw invalidOption("PatchOptions", { type: "Forbidden", field: "force", detail });
  }
  const result = clone(patched(resource, old, request.body, request.mediaType));
  const { options, subresource } = request;
  try {
    decodeTypes(resource, result);
    const wanted = objectFromBody(result);
    if (!isCustom(resource)) checkSameKind(resource, wanted);
    refuseOtherObject(resource, old, wanted);
    return { ...(await update(api, resource, { old, wanted, subresource, options })), created: false };
  } catch (error) {
    throw error instanceof Undecodable ? error.inPatch(result) : error;
  }
}

/** Throws 422 for a patch that would make another kind of an object. */
function checkSameKind(resource: ResourceDefinition, { kind, apiVersion }: KubeObject): void {
  const version = apiVersionOf(resource);
  if (apiVersion !== version)
    throw new Undecodable(resource, `no kind "${kind}" is registered for version "${apiVersion}"`);
  if (kind === resource.kind) return;
  throw new Undecodable(
    resource,
    `converting (${resource.version}.${kind}) to (core.${resource.kind}): unknown conversion`,
  );
}

/** Throws for a patch that would make another object of this one: 400 for the name, 422 for uid and a pod's node. */
function refuseOtherObject(resource: ResourceDefinition, old: KubeObject, wanted: KubeObject): void {
  const { name, uid, resourceVersion } = wanted.metadata;
  refuseOtherNode(resource, old, wanted);
  const same = !resourceVersion || resourceVersion === old.metadata.resourceVersion;
  if (!uid || uid === old.metadata.uid || !same || name !== old.metadata.name) return;
  const problem = { type: "Invalid", field: "metadata.uid", value: uid, detail: "field is immutable" } as const;
  throw invalid(resource, old.metadata.name, [problem]);
}

async function apply(
  api: Machinery,
  resource: ResourceDefinition,
  request: PatchRequest,
): Promise<Written & { created: boolean }> {
  const { ref, options, subresource } = request;
  if (!request.namedManager) {
    const detail = "is required for apply patch";
    throw invalidOption("PatchOptions", { type: "Required", field: "fieldManager", detail });
  }
  const body = decode(request.body, "application/yaml") ?? {};
  if (!isObject(body)) {
    const type = Array.isArray(body) ? "array" : typeof body;
    const why = `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`);
  }
  checkTyped(resource, body);
  const applied = objectFromBody(body);
  checkApplied(resource, applied, ref);
  const stored = api.store.get(resource.hub, storeKey(ref));
  const live = stored && viewOf(stored, resource);
  if (!live && subresource) throw notFound(resource, ref.name);
  if (!live && applied.metadata.uid) {
    const why = `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`;
    throw conflict(resource, ref.name, why);
  }
  const manager: Manager = {
    name: options.fieldManager,
    operation: "Apply",
    apiVersion: apiVersionOf(resource),
    ...(subresource && { subresource }),
  };
  const now = timestamp(api.now());
  const stated = statedPart(resource, applied, subresource);
  const wanted = serverSideApply({ live, applied: stated, manager, force: request.force, shape: resource.shape, now });
  if (!live) {
    wanted.metadata.resourceVersion = "";
    request.demandCreate();
    const made = await create(api, resource, { namespace: ref.namespace, body: wanted, options, managed: true });
    return { ...made, created: true };
  }
  const merged = {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      resourceVersion: applied.metadata.resourceVersion || live.metadata.resourceVersion,
    },
  };
  refuseOtherObject(resource, live, { ...merged, metadata: { ...merged.metadata, uid: applied.metadata.uid } });
  const written = await update(api, resource, { old: live, wanted: merged, subresource, options, managed: true });
  return { ...written, created: false };
}

function checkApplied(resource: ResourceDefinition, applied: KubeObject, ref: Ref): void {
  const apiVersion = apiVersionOf(resource);
  if (applied.apiVersion !== apiVersion || applied.kind !== resource.kind) {
    const { apiVersion: given, kind } = applied;
    throw badRequest(`invalid object type: ${given.includes("/") ? given : `/${given}`}, Kind=${kind}`);
  }
  if (applied.metadata.managedFields && applied.metadata.managedFields.length > 0) {
    throw badRequest("metadata.managedFields must be nil");
  }
  checkName(applied.metadata.name, ref.name);
  if (ref.namespace === undefined) return;
  applied.metadata.namespace ||= ref.namespace;
  if (applied.metadata.namespace !== ref.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}

/** Throws a 500 Status, as the API server does, for what does not fit the types of the kind: apply needs to know them. */
function checkTyped(resource: ResourceDefinition, body: unknown): void {
  const schema = resource.schema ?? fieldsOf(resource);
  if (!schema || !isObject(body)) return;
  const { namespace = "", name = "" } = isObject(body.metadata) ? body.metadata : {};
  const problems = typedProblems(body, schema, resource.shape);
  if (problems.length === 0) return;
  const found = problems.length === 1 ? problems[0] : `errors:\n  ${problems.join("\n  ")}`;
  const gvk = `${resource.group}/${resource.version}, Kind=${resource.kind}`;
  throw new ApiError(500, "", `failed to create typed patch object (${namespace}/${name}; ${gvk}): ${found}`);
}

/** The main resource does not own status; the status subresource owns nothing else. */
function statedPart(resource: ResourceDefinition, applied: KubeObject, subresource: string | undefined): KubeObject {
  if (subresource === "status") {
    const { apiVersion, kind, metadata, status } = applied;
    const {
      labels: _labels,
      annotations: _annotations,
      finalizers: _finalizers,
      ownerReferences: _owners,
      ...rest
    } = metadata;
    return { apiVersion, kind, metadata: rest, ...(isObject(status) && { status }) };
  }
  if (!resource.statusSubresource) return applied;
  const { status: _status, ...rest } = applied;
  return rest;
}
