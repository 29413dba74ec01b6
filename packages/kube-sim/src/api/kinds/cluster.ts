import { at, equal, isObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";

export function defaultNamespace(draft: KubeObject, old: KubeObject | undefined): void {
  if (!old) draft.spec = { finalizers: ["kubernetes"] };
  draft.metadata.labels = { ...draft.metadata.labels, "kubernetes.io/metadata.name": draft.metadata.name };
  draft.status ??= { phase: "Active" };
}

export function defaultAutoscaler(draft: KubeObject): void {
  const spec = isObject(draft.spec) ? draft.spec : {};
  draft.spec = spec;
  spec.minReplicas ??= 1;
  spec.metrics ??= [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
  ];
  draft.status ??= { desiredReplicas: 0 };
}

export function validateAutoscaler(object: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const spec = objectAt(object, "spec");
  if (typeof spec.maxReplicas !== "number" || spec.maxReplicas < 1) {
    const detail = "must be greater than 0";
    problems.push({ type: "Invalid", field: "spec.maxReplicas", value: spec.maxReplicas ?? 0, detail });
  } else if (typeof spec.minReplicas === "number" && spec.maxReplicas < spec.minReplicas) {
    const detail = "must be greater than or equal to `minReplicas`";
    problems.push({ type: "Invalid", field: "spec.maxReplicas", value: spec.maxReplicas, detail });
  }
  for (const name of ["kind", "name"]) {
    if (!stringAt(spec, "scaleTargetRef", name)) {
      problems.push({ type: "Required", field: `spec.scaleTargetRef.${name}`, detail: "" });
    }
  }
  return problems;
}

/** autoscaling/v1 knows one number; the rest of v2 does not fit and stays in the stored object only. */
export function autoscalerV1FromStored(stored: KubeObject): KubeObject {
  const { metrics, behavior: _behavior, ...spec } = objectAt(stored, "spec");
  const cpu = objectsAt({ metrics }, "metrics").find((metric) => stringAt(metric, "resource", "name") === "cpu");
  const target = at(cpu, "resource", "target", "averageUtilization");
  const { currentMetrics: _current, conditions: _conditions, ...status } = objectAt(stored, "status");
  return {
    ...stored,
    spec: { ...spec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status,
  };
}

export function autoscalerV1ToStored(view: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = objectAt(view, "spec");
  const metrics =
    typeof target === "number"
      ? [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: target } } }]
      : undefined;
  return { ...view, apiVersion: "autoscaling/v2", spec: { ...spec, ...(metrics && { metrics }) } };
}

export function validateRoleBinding(binding: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  if (!stringAt(binding, "roleRef", "name")) return [{ type: "Required", field: "roleRef.name", detail: "" }];
  if (!old || equal(binding.roleRef, old.roleRef)) return [];
  return [{ type: "Invalid", field: "roleRef", value: binding.roleRef, detail: "cannot change roleRef" }];
}

export function defaultIngress(draft: KubeObject): void {
  draft.status ??= { loadBalancer: {} };
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
