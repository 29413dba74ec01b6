import { at, isObject, type JsonObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import { objectIn } from "./object-in.ts";
import { canonicalize } from "./quantity.ts";

export function defaultAutoscaler(draft: KubeObject): void {
  const spec = isObject(draft.spec) ? draft.spec : {};
  draft.spec = spec;
  spec.minReplicas ??= 1;
  spec.metrics ??= [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
  ];
  for (const metric of objectsAt(spec, "metrics")) {
    for (const source of Object.values(metric)) canonicalize(objectAt(source, "target"), "averageValue", "value");
  }
  if (isObject(spec.behavior)) defaultBehavior(spec.behavior);
}

/** Rules of scaling are filled in where some are given. */
function defaultBehavior(behavior: JsonObject): void {
  const up = objectIn(behavior, "scaleUp");
  up.stabilizationWindowSeconds ??= 0;
  up.selectPolicy ??= "Max";
  up.policies ??= [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ];
  const down = objectIn(behavior, "scaleDown");
  down.selectPolicy ??= "Max";
  down.policies ??= [{ type: "Percent", value: 100, periodSeconds: 15 }];
}

export function completeAutoscaler(draft: KubeObject): void {
  const status = objectIn(draft, "status");
  status.desiredReplicas ??= 0;
  if (draft.apiVersion === "autoscaling/v1") status.currentReplicas ??= 0;
  else status.currentMetrics ??= null;
}

export function defaultAutoscalerV1(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.minReplicas ??= 1;
  spec.targetCPUUtilizationPercentage ??= 80;
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
