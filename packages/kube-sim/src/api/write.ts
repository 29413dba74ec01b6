import type { UserInfo } from "../auth/user.ts";
import type { FieldValidation } from "./admission.ts";
import type { Manager } from "./apply/managed-fields.ts";
import { type JsonObject, stringsAt } from "./json.ts";
import { type Machinery, type Ref, storedFrom, storeKey, viewOf } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource.ts";
import { notFound } from "./status.ts";

/** How a write is to be done. */
export interface WriteOptions {
  fieldManager: string;
  dryRun: boolean;
  fieldValidation: FieldValidation;
  user: UserInfo;
  /** The options as webhooks read them. */
  asGiven: JsonObject;
}

/** The object after the write, in the version asked for. */
export interface Written {
  object: KubeObject;
  warnings: string[];
}

/** The object, or a 404 Status. */
export function read(api: Machinery, resource: ResourceDefinition, ref: Ref): KubeObject {
  const stored = api.store.get(resource.hub, storeKey(ref));
  if (!stored) throw notFound(resource, ref.name);
  return viewOf(stored, resource);
}

/** Who owns what a plain write changes. */
export function updater(resource: ResourceDefinition, name: string, subresource?: string): Manager {
  const manager: Manager = { name, operation: "Update", apiVersion: apiVersionOf(resource) };
  return subresource ? { ...manager, subresource } : manager;
}

/** Stores a draft, unless it is only tried, and shows it in the version of the resource. */
export function save(api: Machinery, resource: ResourceDefinition, draft: KubeObject, dryRun: boolean): KubeObject {
  if (dryRun) return draft.metadata.resourceVersion ? draft : withoutVersion(draft);
  if (resource.hub === "/services") api.places.demand(draft);
  return viewOf(api.store.put(resource.hub, storedFrom(draft, resource)), resource);
}

/** What is tried has no version, and does not show an empty one. */
function withoutVersion(draft: KubeObject): KubeObject {
  const metadata: KubeObject["metadata"] = { ...draft.metadata };
  Reflect.deleteProperty(metadata, "resourceVersion");
  return { ...draft, metadata };
}

/** Nothing is left to wait for: deleted, no finalizers, no grace to run out. */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0) return false;
  if (object.kind === "Namespace" && stringsAt(object, "spec", "finalizers").length > 0) return false;
  return object.kind !== "Pod" || (deletionGracePeriodSeconds ?? 0) === 0;
}
