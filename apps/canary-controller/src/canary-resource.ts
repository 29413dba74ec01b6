// The kinds of group flagger.app that the controller reads and writes.
import type { Canary } from "@burgee/contracts/crd";
import { type KubeClient, type KubeObject, ownerReference, type OwnerReference, resource } from "@burgee/kube";
import type { CachedReader } from "./cached-reader.ts";
import { asCanary, asFlagRollout, flagRollouts, isFlagRollout } from "./flags/flag-rollout-resource.ts";

/** Canaries as the client takes them. */
export const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");

/** The Canary with the kind and version that lists leave out. */
export function canaryObject(canary: Canary): Canary & KubeObject {
  return isFlagRollout(canary) ? canary : { ...canary, apiVersion: "flagger.app/v1beta1", kind: "Canary" };
}

/** The reference by which everything generated goes away with the Canary. */
export function canaryOwner(canary: Canary): OwnerReference {
  return ownerReference(canaryObject(canary));
}

/** Replaces the status, guarded by the version of `canary`. Rejects with KubeError. */
export async function replaceStatus(
  { client, reader }: { client: KubeClient; reader: CachedReader },
  canary: Canary,
  status: NonNullable<Canary["status"]>,
): Promise<Canary> {
  if (isFlagRollout(canary)) {
    return asCanary(await client.replaceStatus(flagRollouts, asFlagRollout({ ...canary, status })));
  }
  const written = await client.replaceStatus(canaries, { ...canaryObject(canary), status });
  reader.wrote(canaries, written);
  return written;
}

/** Changes metadata, guarded by the version of `canary`. Rejects with KubeError. */
export async function patchMetadata(
  { client, reader }: { client: KubeClient; reader: CachedReader },
  canary: Canary,
  metadata: object,
): Promise<Canary> {
  const { name, namespace, resourceVersion } = canary.metadata;
  const options = { type: "merge", resourceVersion } as const;
  if (isFlagRollout(canary)) {
    return asCanary(await client.patch(flagRollouts, { name, namespace }, { metadata }, options));
  }
  const written = await client.patch(canaries, { name, namespace }, { metadata }, options);
  reader.wrote(canaries, canaryObject(written));
  return written;
}

/** Key of the work queue and of every message about a Canary. */
export function canaryKey(canary: Canary): string {
  return `${canary.metadata.namespace}/${canary.metadata.name}`;
}
