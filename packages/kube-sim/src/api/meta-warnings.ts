import type { KubeObject } from "./object.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";

/** An owner counts once: takes repeated references out of a draft and adds the warning to a list. */
export function dedupeOwners({ metadata }: KubeObject, warnings: string[]): void {
  const owners = metadata.ownerReferences ?? [];
  const firsts = owners.filter((owner, index) => owners.findIndex(({ uid }) => uid === owner.uid) === index);
  if (firsts.length === owners.length) return;
  const repeated = [...new Set(owners.filter((owner) => !firsts.includes(owner)).map(({ uid }) => uid))];
  metadata.ownerReferences = firsts;
  warnings.push(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(", ")}`,
  );
}

const standardFinalizers = new Set(["foregroundDeletion", "kubernetes", "orphan"]);

/** What is allowed of custom kinds' metadata, but not wise. */
export function metaWarnings(resource: ResourceDefinition, draft: KubeObject, old: KubeObject | undefined): string[] {
  if (!isCustom(resource)) return [];
  const before = old?.metadata.finalizers ?? [];
  return (draft.metadata.finalizers ?? [])
    .filter((name) => !before.includes(name) && !name.includes("/") && !standardFinalizers.has(name))
    .map(
      (name) =>
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}
