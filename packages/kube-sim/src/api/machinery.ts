import type { SimLog } from "../log.ts";
import type { Gate } from "../auth/gate.ts";
import type { ServicePlaces } from "./kinds/service-places.ts";
import type { KubeObject } from "./object.ts";
import type { Registry } from "./registry.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource.ts";
import type { Store } from "./store.ts";

/** What every operation works on. */
export interface Machinery {
  store: Store;
  registry: Registry;
  gate: Gate;
  places: ServicePlaces;
  log: SimLog;
  /** Epoch milliseconds. */
  now(): number;
}

/** Which object a request is about. */
export interface Ref {
  namespace: string | undefined;
  name: string;
}

export function storeKey({ namespace, name }: Ref): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

let latest = { second: Number.NaN, text: "" };

/** Kubernetes writes times in whole seconds. */
export function timestamp(now: number): string {
  const second = Math.floor(now / 1000);
  if (latest.second !== second) latest = { second, text: `${new Date(now).toISOString().slice(0, 19)}Z` };
  return latest.text;
}

const views = new WeakMap<KubeObject, Map<string, KubeObject>>();

/** A stored object as a served version shows it. Made once per object and version. */
export function viewOf(stored: KubeObject, resource: ResourceDefinition): KubeObject {
  const apiVersion = apiVersionOf(resource);
  if (stored.apiVersion === apiVersion && stored.kind === resource.kind) return stored;
  const made = views.get(stored) ?? new Map<string, KubeObject>();
  views.set(stored, made);
  const known = made.get(apiVersion);
  if (known) return known;
  const converted = resource.fromStored ? resource.fromStored(stored) : stored;
  const view = { ...converted, apiVersion, kind: resource.kind };
  made.set(apiVersion, view);
  return view;
}

/** A served version's object as it is stored. */
export function storedFrom(view: KubeObject, resource: ResourceDefinition): KubeObject {
  return resource.toStored ? resource.toStored(view) : view;
}
