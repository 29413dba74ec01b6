import type { AdmissionRequest } from "./admission/admission-request.ts";
import { mutate, validate } from "./admission/webhooks.ts";
import { check } from "./admission.ts";
import { afterUpdate, isUnchanged } from "./apply/managed-fields.ts";
import { checkEnvelope, checkIdentity } from "./envelope.ts";
import { equal, sharing } from "./json.ts";
import { type Machinery, storedFrom, timestamp, viewOf } from "./machinery.ts";
import { type KubeObject, keyOf } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";
import { type ApiError, conflict } from "./status.ts";
import { preparedDraft } from "./update-draft.ts";
import { isFinished, save, updater, type WriteOptions, type Written } from "./write.ts";

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
  let { draft, warnings } = preparedDraft(resource, { ...o, fieldValidation: options.fieldValidation });
  const now = timestamp(api.now());
  if (!o.managed) {
    const manager = updater(resource, options.fieldManager, o.shownAs?.subresource ?? o.subresource);
    draft.metadata.managedFields = afterUpdate({ before: old, after: draft, manager, shape: resource.shape, now });
  }
  const show = (object: KubeObject) => o.shownAs?.show(object) ?? object;
  const request: AdmissionRequest = {
    operation: "UPDATE",
    resource,
    subresource: o.shownAs?.subresource ?? o.subresource,
    namespace: old.metadata.namespace,
    name: old.metadata.name,
    object: show(draft),
    oldObject: show(old),
    user: options.user,
    dryRun: options.dryRun,
    options: { kind: "UpdateOptions", ...options.asGiven },
  };
  const mutated = await mutate(api, request, warnings);
  if (mutated) {
    const accepted = o.shownAs?.accept(draft, mutated) ?? mutated;
    ({ draft } = preparedDraft(resource, { ...o, wanted: accepted, fieldValidation: "Ignore" }));
  }
  resource.complete?.(draft, old, (place) => api.places.isTaken(place, old));
  shareParts(draft, old);
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

/** From here on the parts of a draft are the old object's own where nothing changed: they are not to be written to. */
function shareParts(draft: KubeObject, old: KubeObject): void {
  for (const name in draft) if (name !== "metadata") draft[name] = sharing(draft[name], old[name]);
  for (const name in draft.metadata) draft.metadata[name] = sharing(draft.metadata[name], old.metadata[name]);
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

function contentChanged(resource: ResourceDefinition, old: KubeObject, draft: KubeObject): boolean {
  if (resource.generation === "none") return false;
  const content = (object: KubeObject) => {
    const { metadata, apiVersion: _apiVersion, status, ...rest } = object;
    if (resource.hub === "apps/deployments") return { ...rest, annotations: metadata.annotations };
    return resource.generation === "all" ? { ...rest, status } : rest;
  };
  return !equal(content(old), content(draft));
}
