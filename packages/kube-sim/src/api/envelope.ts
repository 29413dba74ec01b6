import { stringAt } from "./json.ts";
import type { Machinery } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { apiVersionOf, isCustom, type ResourceDefinition } from "./resource.ts";
import { badRequest, conflict, forbidden, invalid, notFound } from "./status.ts";

/** Throws 400 when apiVersion or kind are not those of the resource; fills them in where they are missing. */
export function checkEnvelope(resource: ResourceDefinition, object: KubeObject): void {
  const apiVersion = apiVersionOf(resource);
  object.apiVersion ||= apiVersion;
  object.kind ||= resource.kind;
  if (object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (object.kind !== resource.kind && isCustom(resource)) {
    const { kind } = object;
    const detail = `must be ${resource.kind}`;
    throw invalid({ ...resource, kind }, object.metadata.name, [
      { type: "Invalid", field: "kind", value: kind, detail },
    ]);
  }
  if (object.kind !== resource.kind) {
    throw badRequest(`the kind in the data (${object.kind}) does not match the expected kind (${resource.kind})`);
  }
}

/** Throws when a wanted object is not the old one: by name, namespace, uid or version. */
export function checkIdentity(resource: ResourceDefinition, old: KubeObject, wanted: KubeObject): void {
  const { namespace, uid, resourceVersion, deletionTimestamp } = wanted.metadata;
  const { name } = old.metadata;
  checkName(wanted.metadata.name, name);
  if (namespace && namespace !== old.metadata.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (uid && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion === "" && isCustom(resource)) {
    const detail = "must be specified for an update";
    throw invalid({ ...resource, kind: resource.plural }, name, [
      { type: "Invalid", field: "metadata.resourceVersion", value: 0, detail },
    ]);
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name);
  if (deletionTimestamp && deletionTimestamp !== old.metadata.deletionTimestamp) {
    const field = "metadata.deletionTimestamp";
    throw invalid(resource, name, [{ type: "Invalid", field, value: deletionTimestamp, detail: "field is immutable" }]);
  }
}

/** Throws 400 when an object's own name is not the one of the URL, or is not there. */
export function checkName(own: string, ofUrl: string): void {
  if (own === ofUrl) return;
  if (own === "") {
    throw badRequest(`the name of the object (${ofUrl} based on URL) was undeterminable: name must be provided`);
  }
  throw badRequest(`the name of the object (${own}) does not match the name on the URL (${ofUrl})`);
}

/** Puts a draft into the namespace of the request, which has to exist and to stay. */
export function placeInNamespace(
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

/** Throws 403 for a pod of an account that does not exist. The account `default` is not missed: nobody may make it here. */
export function checkAccount(api: Machinery, resource: ResourceDefinition, draft: KubeObject): void {
  const account = stringAt(draft, "spec", "serviceAccountName");
  if (resource.hub !== "/pods" || !account || account === "default") return;
  const { namespace, name } = draft.metadata;
  if (api.store.get("/serviceaccounts", `${namespace}/${account}`)) return;
  const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
  throw forbidden(resource, name, why);
}
