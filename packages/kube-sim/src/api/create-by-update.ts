import { checkName } from "./envelope.ts";
import { type Machinery, type Ref, storeKey } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";
import { conflict } from "./status.ts";
import { create } from "./create.ts";
import type { WriteOptions, Written } from "./write.ts";

/** Kinds whose objects a PUT makes when they are not there. */
const kinds = new Set([
  ...["/services", "/endpoints", "/events", "/limitranges", "coordination.k8s.io/leases"],
  ...["roles", "rolebindings", "clusterroles", "clusterrolebindings"].map(
    (kind) => `rbac.authorization.k8s.io/${kind}`,
  ),
]);

/** Whether a PUT has to make the object. */
export function isCreatedByUpdate(api: Machinery, resource: ResourceDefinition, ref: Ref): boolean {
  return kinds.has(resource.hub) && !api.store.get(resource.hub, storeKey(ref));
}

/** Makes the object of a PUT. Throws 409 for an object that its writer has seen before: it is gone. */
export function createByUpdate(
  api: Machinery,
  resource: ResourceDefinition,
  o: { ref: Ref; wanted: KubeObject; options: WriteOptions },
): Promise<Written> {
  const { ref, wanted, options } = o;
  const { name, uid } = wanted.metadata;
  checkName(name, ref.name);
  if (uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: `;
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  const body = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: "" } };
  return create(api, resource, { namespace: ref.namespace, body, options });
}
