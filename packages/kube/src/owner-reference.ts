import type { KubeObject, OwnerReference } from "./object.ts";

/** A reference to `object` for its dependents' `metadata.ownerReferences`. Controller unless told otherwise. */
export function ownerReference(object: KubeObject, o: { controller?: boolean } = {}): OwnerReference {
  const { apiVersion, kind, metadata } = object;
  if (apiVersion === undefined || kind === undefined || metadata.uid === undefined) {
    throw new TypeError(
      `owner ${metadata.name} has apiVersion ${apiVersion}, kind ${kind}, uid ${metadata.uid}, expected all three to be set`,
    );
  }
  const controller = o.controller ?? true;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller, blockOwnerDeletion: controller };
}
