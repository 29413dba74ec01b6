// The kinds of group flagger.app that the controller reads and writes.
import type { Canary } from "@burgee/contracts/crd";
import { type KubeObject, ownerReference, type OwnerReference, resource } from "@burgee/kube";

/** Canaries as the client takes them. */
export const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");

/** The Canary with the kind and version that lists leave out. */
export function canaryObject(canary: Canary): Canary & KubeObject {
  return { ...canary, apiVersion: "flagger.app/v1beta1", kind: "Canary" };
}

/** The reference by which everything generated goes away with the Canary. */
export function canaryOwner(canary: Canary): OwnerReference {
  return ownerReference(canaryObject(canary));
}

/** Key of the work queue and of every message about a Canary. */
export function canaryKey(canary: Canary): string {
  return `${canary.metadata.namespace}/${canary.metadata.name}`;
}
