import { equal, isObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { objectIn } from "./object-in.ts";
import { canonicalize } from "./quantity.ts";

export function defaultNamespace(draft: KubeObject): void {
  draft.metadata.labels = { ...draft.metadata.labels, "kubernetes.io/metadata.name": draft.metadata.name };
}

export function completeNamespace(draft: KubeObject, old: KubeObject | undefined): void {
  if (!old) draft.spec = { finalizers: ["kubernetes"] };
  draft.status ??= { phase: "Active" };
}

/** Who is bound is of the group that its kind is in. */
export function defaultRoleBinding(draft: KubeObject): void {
  const group = "rbac.authorization.k8s.io";
  for (const subject of objectsAt(draft, "subjects")) if (subject.kind !== "ServiceAccount") subject.apiGroup ??= group;
  if (isObject(draft.roleRef)) draft.roleRef.apiGroup ??= group;
}

/** A role without rules shows that it has none. */
export function completeRole(draft: KubeObject): void {
  draft.rules ??= null;
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

export function validateRoleBinding(binding: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  if (!stringAt(binding, "roleRef", "name")) return [{ type: "Required", field: "roleRef.name", detail: "" }];
  if (!old || equal(binding.roleRef, old.roleRef)) return [];
  return [{ type: "Invalid", field: "roleRef", value: binding.roleRef, detail: "cannot change roleRef" }];
}

export function defaultWebhooks(draft: KubeObject): void {
  for (const webhook of objectsAt(draft, "webhooks")) {
    webhook.failurePolicy ??= "Fail";
    webhook.matchPolicy ??= "Equivalent";
    webhook.timeoutSeconds ??= 10;
    webhook.namespaceSelector ??= {};
    webhook.objectSelector ??= {};
    if (draft.kind === "MutatingWebhookConfiguration") webhook.reinvocationPolicy ??= "Never";
    const { service } = objectAt(webhook, "clientConfig");
    if (isObject(service)) service.port ??= 443;
    for (const rule of objectsAt(webhook, "rules")) rule.scope ??= "*";
  }
}
