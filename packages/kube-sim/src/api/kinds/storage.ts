import { isObject, type JsonObject, objectAt, objectsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import { objectIn } from "./object-in.ts";
import { canonicalize, canonicalResources } from "./quantity.ts";

export function defaultClaimSpec(spec: JsonObject): void {
  spec.volumeMode ??= "Filesystem";
  canonicalResources(objectAt(spec, "resources"));
}

export function defaultClaim(draft: KubeObject): void {
  defaultClaimSpec(objectIn(draft, "spec"));
}

export function defaultVolumeObject(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.persistentVolumeReclaimPolicy ??= "Retain";
  spec.volumeMode ??= "Filesystem";
  canonicalize(spec, "capacity");
  if (isObject(spec.hostPath)) spec.hostPath.type ??= "";
}

export function completePending(draft: KubeObject): void {
  draft.status ??= { phase: "Pending" };
}

export function defaultStorageClass(draft: KubeObject): void {
  draft.reclaimPolicy ??= "Delete";
  draft.volumeBindingMode ??= "Immediate";
}

export function defaultQuota(draft: KubeObject): void {
  canonicalize(objectAt(draft, "spec"), "hard");
}

/** Limits of containers follow from each other: the default from the maximum, the request from the default. */
export function defaultLimits(draft: KubeObject): void {
  for (const limit of objectsAt(draft, "spec", "limits")) {
    canonicalize(limit, "max", "min", "default", "defaultRequest", "maxLimitRequestRatio");
    if (limit.type !== "Container") continue;
    inherit(limit, "default", "max");
    inherit(limit, "defaultRequest", "default");
    inherit(limit, "defaultRequest", "min");
  }
}

function inherit(limit: JsonObject, to: string, from: string): void {
  for (const [name, value] of Object.entries(objectAt(limit, from))) objectIn(limit, to)[name] ??= value;
}
