import { isObject, objectAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import { objectIn } from "./object-in.ts";
import { canonicalize } from "./quantity.ts";

export function defaultNamespace(draft: KubeObject): void {
  draft.metadata.labels = { ...draft.metadata.labels, "kubernetes.io/metadata.name": draft.metadata.name };
}

export function completeNamespace(draft: KubeObject, old: KubeObject | undefined): void {
  if (!old) draft.spec = { finalizers: ["kubernetes"] };
  draft.status ??= { phase: "Active" };
}

export function completeNode(draft: KubeObject): void {
  const status = objectIn(draft, "status");
  status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } };
  const names = "machineID systemUUID bootID kernelVersion osImage containerRuntimeVersion kubeletVersion";
  const nodeInfo = objectIn(status, "nodeInfo");
  for (const name of `${names} kubeProxyVersion operatingSystem architecture`.split(" ")) nodeInfo[name] ??= "";
}

export function defaultNode(draft: KubeObject): void {
  const { spec } = draft;
  if (isObject(spec) && typeof spec.podCIDR === "string") spec.podCIDRs ??= [spec.podCIDR];
  canonicalize(draft.status, "capacity", "allocatable");
  if (isObject(draft.status) && draft.status.capacity) draft.status.allocatable ??= draft.status.capacity;
}

export function defaultPriorityClass(draft: KubeObject): void {
  draft.preemptionPolicy ??= "PreemptLowerPriority";
}

export function defaultApiService(draft: KubeObject): void {
  const { service } = objectAt(draft, "spec");
  if (isObject(service)) service.port ??= 443;
}

export function completeLease(draft: KubeObject): void {
  objectIn(draft, "spec");
}
