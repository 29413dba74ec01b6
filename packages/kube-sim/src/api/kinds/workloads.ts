import { at, equal, isObject, type JsonObject, objectAt, objectsAt, stringAt, stringMapAt } from "../json.ts";
import { labelValueProblem } from "../meta-rules.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { objectIn } from "./object-in.ts";
import { completePodSpec, defaultPodOnly, defaultPodSpec, qosClass } from "./pod-defaults.ts";
import { podSpecProblems } from "./pod-rules.ts";
import { defaultClaimSpec } from "./storage.ts";

export function defaultTemplate(spec: JsonObject): void {
  const template = objectIn(spec, "template");
  objectIn(template, "metadata");
  defaultPodSpec(objectIn(template, "spec"));
}

export function defaultDeployment(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  const strategy = objectIn(spec, "strategy");
  strategy.type ??= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    const rolling = objectIn(strategy, "rollingUpdate");
    rolling.maxSurge ??= "25%";
    rolling.maxUnavailable ??= "25%";
  }
  defaultTemplate(spec);
}

export function defaultReplicaSet(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.replicas ??= 1;
  defaultTemplate(spec);
}

export function defaultDaemonSet(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.revisionHistoryLimit ??= 10;
  const strategy = objectIn(spec, "updateStrategy");
  strategy.type ??= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    const rolling = objectIn(strategy, "rollingUpdate");
    rolling.maxSurge ??= 0;
    rolling.maxUnavailable ??= 1;
  }
  defaultTemplate(spec);
}

/** The first status of a kind, where it has one at all. */
export function completeStatus(status: JsonObject): (draft: KubeObject) => void {
  return (draft) => {
    draft.status ??= { ...status };
  };
}

const generationOfTemplate = "deprecated.daemonset.template.generation";

/** Counts the templates a daemon set has had, in an annotation. */
export function completeDaemonSet(draft: KubeObject, old: KubeObject | undefined): void {
  draft.status ??= { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
  const before = Number(old?.metadata.annotations?.[generationOfTemplate] ?? 0);
  const isNew = !old || !equal(at(old, "spec", "template"), at(draft, "spec", "template"));
  const annotations = { ...draft.metadata.annotations, [generationOfTemplate]: String(before + (isNew ? 1 : 0)) };
  draft.metadata.annotations = annotations;
}

export function defaultStatefulSet(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.podManagementPolicy ??= "OrderedReady";
  const strategy = objectIn(spec, "updateStrategy");
  strategy.type ??= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    const rolling = objectIn(strategy, "rollingUpdate");
    rolling.partition ??= 0;
    // Clusters do not have it unless they are told to.
    delete rolling.maxUnavailable;
  }
  const retention = objectIn(spec, "persistentVolumeClaimRetentionPolicy");
  retention.whenDeleted ??= "Retain";
  retention.whenScaled ??= "Retain";
  for (const claim of objectsAt(spec, "volumeClaimTemplates")) {
    claim.apiVersion ??= "v1";
    claim.kind ??= "PersistentVolumeClaim";
    defaultClaimSpec(objectIn(claim, "spec"));
    claim.status ??= { phase: "Pending" };
  }
  defaultTemplate(spec);
}

export function completeStatefulSet(draft: KubeObject): void {
  objectIn(draft, "spec").serviceName ??= "";
  draft.status ??= { replicas: 0, availableReplicas: 0 };
}

/** A controller's selector and labels are those of its template, unless it says otherwise. */
export function defaultReplicationController(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.replicas ??= 1;
  const labels = at(spec, "template", "metadata", "labels");
  if (isObject(labels)) {
    spec.selector ??= { ...labels };
    draft.metadata.labels ??= stringMapAt(labels);
  }
  if (spec.template !== undefined) defaultTemplate(spec);
}

export function defaultPod(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  defaultPodSpec(spec);
  defaultPodOnly(spec);
}

export function completePod(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  completePodSpec(spec);
  draft.status ??= { phase: "Pending", qosClass: qosClass(spec) };
  const status = objectIn(draft, "status");
  if (typeof status.podIP === "string" && status.podIP !== "") status.podIPs ??= [{ ip: status.podIP }];
}

function validateContainers(spec: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const containers = objectsAt(spec, "containers");
  if (containers.length === 0) problems.push({ type: "Required", field: `${path}.containers`, detail: "" });
  const names = new Set<unknown>();
  containers.forEach((container, index) => {
    const where = `${path}.containers[${index}]`;
    if (!container.name) problems.push({ type: "Required", field: `${where}.name`, detail: "" });
    else if (names.has(container.name)) {
      problems.push({ type: "Duplicate", field: `${where}.name`, value: container.name, detail: "" });
    }
    names.add(container.name);
    if (!container.image) problems.push({ type: "Required", field: `${where}.image`, detail: "" });
  });
  return problems;
}

export function validatePod(pod: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const spec = objectAt(pod, "spec");
  const problems = validateContainers(spec, "spec");
  problems.push(...podSpecProblems(spec, "spec", { restarts: ["Always", "OnFailure", "Never"] }));
  if (old && !equal(unchangeablePart(pod), unchangeablePart(old))) {
    const detail =
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    problems.push({ type: "Forbidden", field: "spec", detail });
  }
  return problems;
}

/** A pod's spec without what may change; nodeName is set once, by the binding. */
function unchangeablePart(pod: KubeObject): JsonObject {
  const { activeDeadlineSeconds, tolerations, nodeName, terminationGracePeriodSeconds, ...spec } = objectAt(
    pod,
    "spec",
  );
  const withoutImages = (list: unknown) => (Array.isArray(list) ? list.map((item) => ({ ...item, image: "" })) : list);
  return {
    ...spec,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
    ephemeralContainers: [],
  };
}

/** Deployments, replica sets, daemon sets, stateful sets: the selector is required, fits the template and stays. */
export function validateWorkload(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const template = objectAt(object, "spec", "template", "spec");
  const problems = validateContainers(template, "spec.template.spec");
  problems.push(...podSpecProblems(template, "spec.template.spec", { restarts: ["Always"] }));
  if (at(object, "spec", "strategy", "type") === "Recreate" && at(object, "spec", "strategy", "rollingUpdate")) {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    problems.push({ type: "Forbidden", field: "spec.strategy.rollingUpdate", detail });
  }
  const selector = at(object, "spec", "selector");
  if (!isObject(selector)) return [{ type: "Required", field: "spec.selector", detail: "" }, ...problems];
  const wanted = stringMapAt(selector, "matchLabels");
  const labels = stringMapAt(object, "spec", "template", "metadata", "labels");
  const readable = Object.values(wanted).every((value) => labelValueProblem(value) === undefined);
  const mismatched = readable && Object.entries(wanted).some(([key, value]) => labels[key] !== value);
  if (Object.keys(wanted).length === 0 && selector.matchExpressions === undefined) {
    const detail = `empty selector is invalid for ${object.kind.toLowerCase()}`;
    problems.push({ type: "Invalid", field: "spec.selector", value: selector, detail });
  } else if (mismatched) {
    const detail = "`selector` does not match template `labels`";
    problems.push({ type: "Invalid", field: "spec.template.metadata.labels", value: labels, detail });
  }
  const replicas = at(object, "spec", "replicas");
  if (typeof replicas === "number" && replicas < 0) {
    const detail = "must be greater than or equal to 0";
    problems.push({ type: "Invalid", field: "spec.replicas", value: replicas, detail });
  }
  if (old && !equal(selector, at(old, "spec", "selector"))) {
    problems.push({ type: "Invalid", field: "spec.selector", value: selector, detail: "field is immutable" });
  }
  return problems;
}

/** `containers images selector` of a workload, for `-o wide`. */
export function imagesOf(object: KubeObject): { names: string; images: string } {
  const template = stringAt(object, "kind") === "Pod" ? object : objectAt(object, "spec", "template");
  const containers = objectsAt(template, "spec", "containers");
  return {
    names: containers.map((container) => container.name).join(","),
    images: containers.map((container) => container.image).join(","),
  };
}
