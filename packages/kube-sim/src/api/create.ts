import { randomBytes, randomUUID } from "node:crypto";
import type { AdmissionRequest } from "./admission/admission-request.ts";
import { mutate, validate } from "./admission/webhooks.ts";
import { check, prepare } from "./admission.ts";
import { afterUpdate } from "./apply/managed-fields.ts";
import { checkAccount, checkEnvelope, placeInNamespace } from "./envelope.ts";
import { clone } from "./json.ts";
import { type Machinery, timestamp } from "./machinery.ts";
import { type KubeObject, keyOf } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";
import { alreadyExists, ApiError, invalid } from "./status.ts";
import { save, updater, type WriteOptions, type Written } from "./write.ts";

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
    operation: "CREATE",
    resource,
    subresource: undefined,
    namespace: metadata.namespace,
    name: metadata.name,
    object: draft,
    oldObject: undefined,
    user: options.user,
    dryRun: options.dryRun,
    options: { kind: "CreateOptions", ...options.asGiven },
  };
  const submitted = { ...draft, metadata: { ...metadata, uid: "", name: generated ? "" : metadata.name } };
  const mutated = await mutate(api, { ...request, name: submitted.metadata.name, object: submitted }, warnings);
  if (mutated) {
    const { uid, creationTimestamp, name } = metadata;
    draft = clone({ ...mutated, metadata: { ...mutated.metadata, uid, creationTimestamp, name } });
    prepare(resource, draft, { old: undefined, fieldValidation: "Ignore" });
  }
  resource.complete?.(draft, undefined, (place) => api.places.isTaken(place, draft));
  checkAccount(api, resource, draft);
  check(resource, draft, undefined);
  await validate(api, { ...request, object: draft }, warnings);
  if (resource.namespaced) placeInNamespace(api, resource, draft, o.namespace);
  const present = api.store.get(resource.hub, keyOf(draft));
  if (present) throw alreadyExists(resource, draft.metadata.name, present.metadata.deletionTimestamp !== undefined);
  if (draft.metadata.managedFields?.length === 0) delete draft.metadata.managedFields;
  return { object: save(api, resource, draft, options.dryRun), warnings };
}

/** Five characters that form no words, as the API server appends them. */
function generatedName(prefix: string): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const suffix = [...randomBytes(5)].map((byte) => letters[byte % letters.length]).join("");
  return prefix.slice(0, 58) + suffix;
}
