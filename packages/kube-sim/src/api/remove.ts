import { checkDryRun } from "./call.ts";
import { isObject, type JsonObject } from "./json.ts";
import { wholeNumber } from "./list-options.ts";
import { type Machinery, storedFrom, timestamp, viewOf } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { isTrue } from "./request-info.ts";
import type { ResourceDefinition } from "./resource.ts";
import { badRequest, conflict, forbidden, invalidOption } from "./status.ts";
import { isFinished } from "./write.ts";

/** What a DELETE asks for: body and query together. */
export interface DeleteOptions {
  propagationPolicy: "Foreground" | "Background" | "Orphan" | undefined;
  gracePeriodSeconds: number | undefined;
  uid: string | undefined;
  resourceVersion: string | undefined;
  dryRun: boolean;
}

/** Reads the options of a DELETE. Throws a 422 Status for a policy that does not exist. */
export function deleteOptionsFrom(body: unknown, query: URLSearchParams): DeleteOptions {
  const given: JsonObject = isObject(body) ? body : {};
  const { kind = "DeleteOptions", apiVersion = "v1" } = given;
  if (kind !== "DeleteOptions") {
    throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
  }
  const preconditions = isObject(given.preconditions) ? given.preconditions : {};
  const policy = given.propagationPolicy ?? query.get("propagationPolicy") ?? undefined;
  if (policy !== undefined && policy !== "Foreground" && policy !== "Background" && policy !== "Orphan") {
    const detail = 'supported values: "Foreground", "Background", "Orphan", "nil"';
    throw invalidOption("DeleteOptions", { type: "NotSupported", field: "propagationPolicy", value: policy, detail });
  }
  const orphans =
    given.orphanDependents ?? (query.has("orphanDependents") ? isTrue(query.get("orphanDependents")) : null);
  if (orphans !== null && policy !== undefined) {
    const detail = "orphanDependents and deletionPropagation cannot be both set";
    throw invalidOption("DeleteOptions", { type: "Invalid", field: "propagationPolicy", value: policy, detail });
  }
  const legacy = orphans === true ? "Orphan" : undefined;
  const grace = given.gracePeriodSeconds ?? wholeNumber(query, "gracePeriodSeconds");
  const tries: readonly unknown[] = Array.isArray(given.dryRun) ? given.dryRun : query.getAll("dryRun");
  checkDryRun("DeleteOptions", tries);
  const dryRun = tries.length > 0;
  return {
    propagationPolicy: policy ?? legacy,
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
    uid: typeof preconditions.uid === "string" ? preconditions.uid : undefined,
    resourceVersion: typeof preconditions.resourceVersion === "string" ? preconditions.resourceVersion : undefined,
    dryRun,
  };
}

/**
 * Deletes an object, or marks it as being deleted when something must happen first: finalizers, a cascade, a pod's
 * grace. Returns its last or present state and whether it is gone.
 */
export function remove(
  api: Machinery,
  resource: ResourceDefinition,
  o: { object: KubeObject; options: DeleteOptions },
): { object: KubeObject; gone: boolean } {
  const { object, options } = o;
  checkPreconditions(resource, object, options);
  if (resource.hub === "/namespaces" && immortal.has(object.metadata.name)) {
    throw forbidden(resource, object.metadata.name, "this namespace may not be deleted");
  }
  const draft = marked(api, resource, object, options);
  if (isFinished(draft)) {
    if (options.dryRun) return { object: draft, gone: true };
    return { object: viewOf(api.store.remove(resource.hub, storedFrom(draft, resource)), resource), gone: true };
  }
  if (options.dryRun || draft === object) return { object: draft, gone: false };
  return { object: viewOf(api.store.put(resource.hub, storedFrom(draft, resource)), resource), gone: false };
}

const immortal = new Set(["default", "kube-system", "kube-public"]);

function checkPreconditions(resource: ResourceDefinition, object: KubeObject, options: DeleteOptions): void {
  const { name, uid, resourceVersion } = object.metadata;
  const named = { ...resource, plural: resource.kind };
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(named, name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(named, name, why);
  }
}

/** The object with its deletion written down. The same object when it already was. */
function marked(api: Machinery, resource: ResourceDefinition, object: KubeObject, options: DeleteOptions): KubeObject {
  const { metadata } = object;
  const grace = resource.hub === "/pods" ? podGrace(object, options) : 0;
  const finalizers = cascadeFinalizers(metadata.finalizers ?? [], options);
  const sameFinalizers = finalizers.length === (metadata.finalizers?.length ?? 0);
  const sooner = grace < (metadata.deletionGracePeriodSeconds ?? 0);
  if (metadata.deletionTimestamp && sameFinalizers && !sooner) return object;
  const due = timestamp(api.now() + grace * 1000);
  const first = metadata.deletionTimestamp === undefined;
  const { finalizers: _finalizers, ...rest } = metadata;
  const draft: KubeObject = {
    ...object,
    metadata: {
      ...rest,
      ...(finalizers.length > 0 && { finalizers }),
      deletionTimestamp: first || sooner ? due : (metadata.deletionTimestamp ?? due),
      deletionGracePeriodSeconds: first || sooner ? grace : (metadata.deletionGracePeriodSeconds ?? grace),
      ...(first && metadata.generation !== undefined && { generation: metadata.generation + 1 }),
    },
  };
  if (resource.hub === "/namespaces")
    draft.status = { ...(isObject(object.status) ? object.status : {}), phase: "Terminating" };
  return draft;
}

/** Seconds a pod gets; a pod that no node runs or that has ended needs none. */
function podGrace(pod: KubeObject, options: DeleteOptions): number {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const phase = isObject(pod.status) ? pod.status.phase : undefined;
  if (!spec.nodeName || phase === "Succeeded" || phase === "Failed") return 0;
  const own = typeof spec.terminationGracePeriodSeconds === "number" ? spec.terminationGracePeriodSeconds : 30;
  const wanted = options.gracePeriodSeconds ?? own;
  // Less than none is as little as there is.
  return wanted < 0 ? 1 : wanted;
}

function cascadeFinalizers(current: readonly string[], { propagationPolicy }: DeleteOptions): string[] {
  if (propagationPolicy === undefined) return [...current];
  const others = current.filter((name) => name !== "orphan" && name !== "foregroundDeletion");
  if (propagationPolicy === "Orphan") return [...others, "orphan"];
  if (propagationPolicy === "Foreground") return [...others, "foregroundDeletion"];
  return others;
}
