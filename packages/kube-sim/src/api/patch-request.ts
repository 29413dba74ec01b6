import { decode } from "./body.ts";
import type { Manager } from "./apply/managed-fields.ts";
import { serverSideApply } from "./apply/server-side-apply.ts";
import { clone, isObject } from "./json.ts";
import { type Machinery, type Ref, storeKey, timestamp, viewOf } from "./machinery.ts";
import { type KubeObject, objectFromBody } from "./object.ts";
import { jsonPatch } from "./patch/json-patch.ts";
import { mergePatch } from "./patch/merge-patch.ts";
import { strategicPatch } from "./patch/strategic-patch.ts";
import { apiVersionOf, isCustom, type ResourceDefinition } from "./resource.ts";
import { ApiError, badRequest, notFound, unsupportedMediaType } from "./status.ts";
import { pruneObject } from "./schema/prune.ts";
import { create, read, update, type WriteOptions, type Written } from "./write.ts";

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

/** The target of a patch, changed as the patch says. Throws 415 for a patch type the kind does not take. */
export function patched(resource: ResourceDefinition, target: unknown, body: Buffer, mediaType: string): unknown {
  const patch = decode(body, "application/json");
  switch (mediaType) {
    case patchTypes.json:
      return jsonPatch(target, patch);
    case patchTypes.merge:
      return mergePatch(target, patch);
    case patchTypes.strategic:
      if (!isCustom(resource)) return strategicPatch(target, patch, resource.shape);
      break;
    default:
      break;
  }
  const known = Object.values(patchTypes).filter((type) => type !== patchTypes.strategic || !isCustom(resource));
  throw unsupportedMediaType(mediaType, known);
}

/** Carries out a PATCH. `created`: server-side apply has made the object. */
export async function patch(
  api: Machinery,
  resource: ResourceDefinition,
  request: PatchRequest,
): Promise<Written & { created: boolean }> {
  if (request.mediaType === patchTypes.apply) return apply(api, resource, request);
  const old = read(api, resource, request.ref);
  const result = patched(resource, old, request.body, request.mediaType);
  const wanted = objectFromBody(result);
  const { options, subresource } = request;
  return { ...(await update(api, resource, { old, wanted, subresource, options })), created: false };
}

async function apply(
  api: Machinery,
  resource: ResourceDefinition,
  request: PatchRequest,
): Promise<Written & { created: boolean }> {
  const { ref, options, subresource } = request;
  if (!request.namedManager) {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const applied = objectFromBody(decode(request.body, "application/yaml"));
  checkApplied(resource, applied, ref);
  const stored = api.store.get(resource.hub, storeKey(ref));
  const live = stored && viewOf(stored, resource);
  if (!live && subresource) throw notFound(resource, ref.name);
  if (!live && applied.metadata.uid) throw notFound(resource, ref.name);
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
    if (applied.metadata.resourceVersion) throw notFound(resource, ref.name);
    request.demandCreate();
    const made = await create(api, resource, { namespace: ref.namespace, body: wanted, options, managed: true });
    return { ...made, created: true };
  }
  const body = {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      resourceVersion: applied.metadata.resourceVersion || live.metadata.resourceVersion,
    },
  };
  const written = await update(api, resource, { old: live, wanted: body, subresource, options, managed: true });
  return { ...written, created: false };
}

function checkApplied(resource: ResourceDefinition, applied: KubeObject, ref: Ref): void {
  const apiVersion = apiVersionOf(resource);
  if (applied.apiVersion !== apiVersion || applied.kind !== resource.kind) {
    throw badRequest(
      `invalid object type: ${applied.apiVersion}, Kind=${applied.kind}, expected ${apiVersion}, Kind=${resource.kind}`,
    );
  }
  if (applied.metadata.managedFields && applied.metadata.managedFields.length > 0) {
    throw badRequest("metadata.managedFields must be nil");
  }
  if (resource.schema) {
    const [undeclared] = pruneObject(clone(applied), resource.schema);
    if (undeclared !== undefined) throw undeclaredField(resource, applied, undeclared);
  }
  applied.metadata.name ||= ref.name;
  if (ref.namespace !== undefined) applied.metadata.namespace ??= ref.namespace;
}

/** As the API server says it: server-side apply knows only what the schema declares. */
function undeclaredField(resource: ResourceDefinition, { metadata }: KubeObject, field: string): ApiError {
  const what = `${metadata.namespace ?? ""}/${metadata.name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
  const message = `failed to create typed patch object (${what}): .${field}: field not declared in schema`;
  return new ApiError(500, "", message);
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
