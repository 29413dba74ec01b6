// The FlagOverrides of one release: found by a label, named by what they are for, written as a whole.
import { createHash } from "node:crypto";
import type { Canary, FlagOverride, FlagOverrideSpec } from "@burgee/contracts/crd";
import { isKubeError, type KubeClient, type KubeObject, ownerReference } from "@burgee/kube";
import { canaryObject } from "../canary-resource.ts";
import { isFlagRollout } from "./flag-rollout-resource.ts";
import { flagOverrides } from "./flag-resources.ts";

/** Who lays overrides: the object that they go away with, and its run. */
export interface OverrideOwner {
  kind: FlagOverrideSpec["owner"]["kind"];
  /** With apiVersion, kind and uid. */
  object: KubeObject;
  namespace: string;
  run: number;
}

/** The Canary (or FlagRollout) as the owner of its overrides. */
export function overrideOwner(canary: Canary): OverrideOwner {
  const { namespace } = canary.metadata;
  return {
    kind: isFlagRollout(canary) ? "FlagRollout" : "Canary",
    object: canaryObject(canary),
    namespace,
    run: canary.status?.run ?? 0,
  };
}

/** What an override is for: the flags that go with a release, or the route. Each is written by its own part. */
export type OverridePart = "flags" | "route";

/** An override as it should be. */
export interface WantedOverride {
  flagRef: FlagOverrideSpec["flagRef"];
  rule: FlagOverrideSpec["rule"];
}

const ownerLabel = "burgee.dev/release-uid";
const partLabel = "burgee.dev/release-part";

/** The overrides of a part. Rejects with KubeError. */
export async function listOverrides(
  client: KubeClient,
  owner: OverrideOwner,
  part: OverridePart,
): Promise<readonly FlagOverride[]> {
  const labelSelector = `${ownerLabel}=${owner.object.metadata.uid},${partLabel}=${part}`;
  const { items } = await client.list(flagOverrides, { namespace: owner.namespace, labelSelector });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The override of that name among those seen. */
export function findOverride(
  seen: readonly FlagOverride[],
  o: { owner: OverrideOwner; part: OverridePart; wanted: WantedOverride },
): FlagOverride | undefined {
  const name = overrideName(o);
  return seen.find(({ metadata }) => metadata.name === name);
}

/** True when it says what is wanted, and who wants it. */
export function isAsWanted(live: FlagOverride, owner: OverrideOwner, wanted: WantedOverride): boolean {
  const { flagRef, rule, expiresAt, owner: by } = live.spec;
  const facts = [flagRef.name, flagRef.key, rule.variant, rule.target, rule.weight, rule.revision, expiresAt, by.uid];
  const { metadata } = owner.object;
  const { flagRef: ref, rule: said } = wanted;
  const expected = [ref.name, ref.key, said.variant, said.target, said.weight, said.revision, undefined, metadata.uid];
  return facts.every((fact, i) => fact === expected[i]);
}

/** Creates or replaces it, guarded by the version seen: "conflict" or "already_exists" mean that the world moved on. */
export async function putOverride(
  client: KubeClient,
  seen: readonly FlagOverride[],
  o: { owner: OverrideOwner; part: OverridePart; wanted: WantedOverride },
): Promise<void> {
  const { owner, wanted } = o;
  const live = findOverride(seen, o);
  if (live !== undefined && isAsWanted(live, owner, wanted)) return;
  const spec = specOf(owner, wanted);
  if (live !== undefined) {
    await client.replace(flagOverrides, { ...live, apiVersion: "burgee.dev/v1alpha1", kind: "FlagOverride", spec });
    return;
  }
  await client.create<KubeObject & { spec: FlagOverrideSpec }>(flagOverrides, {
    apiVersion: "burgee.dev/v1alpha1",
    kind: "FlagOverride",
    metadata: {
      name: overrideName(o),
      namespace: owner.namespace,
      labels: {
        "app.kubernetes.io/managed-by": "burgee",
        [ownerLabel]: owner.object.metadata.uid ?? "",
        [partLabel]: o.part,
      },
      ownerReferences: [ownerReference(owner.object)],
    },
    spec,
  });
}

/** Deletes it, unless it moved on since ("conflict"). One that is gone already is deleted. */
export async function deleteOverride(client: KubeClient, { metadata }: FlagOverride): Promise<void> {
  const { name, namespace, uid, resourceVersion } = metadata;
  try {
    await client.delete(flagOverrides, { namespace, name }, { uid, resourceVersion });
  } catch (error) {
    if (!isKubeError(error, "not_found")) throw error;
  }
}

function specOf(owner: OverrideOwner, { flagRef, rule }: WantedOverride): FlagOverrideSpec {
  const { name, uid = "" } = owner.object.metadata;
  return { flagRef, owner: { kind: owner.kind, name, namespace: owner.namespace, uid, run: owner.run }, rule };
}

/** The same for the same release, flag and purpose; a valid object name whatever the key and however long the release's name. */
function overrideName(o: { owner: OverrideOwner; part: OverridePart; wanted: WantedOverride }): string {
  const { owner, part, wanted } = o;
  const purpose = part === "route" ? "route" : wanted.rule.target;
  const digest = createHash("sha256").update(`${owner.kind}/${wanted.flagRef.key}/${part}`).digest("hex").slice(0, 10);
  return `${owner.object.metadata.name.slice(0, 230)}-${digest}-${purpose}`;
}
