import { type JsonObject, isObject, objectAt, objectsAt } from "../json.ts";
import { defaultClaimSpec } from "./storage.ts";
import { objectIn } from "./object-in.ts";
import { canonicalize, canonicalResources } from "./quantity.ts";

/** Fills in the defaults of a pod's spec, in a pod or in a template. */
export function defaultPodSpec(spec: JsonObject): void {
  spec.restartPolicy ??= "Always";
  spec.dnsPolicy ??= "ClusterFirst";
  spec.schedulerName ??= "default-scheduler";
  spec.terminationGracePeriodSeconds ??= 30;
  spec.securityContext ??= {};
  if (spec.serviceAccountName !== undefined) spec.serviceAccount ??= spec.serviceAccountName;
  for (const list of ["initContainers", "containers"])
    for (const container of objectsAt(spec, list)) defaultContainer(container);
  for (const volume of objectsAt(spec, "volumes")) defaultVolume(volume);
}

/** What a pod has by default and a template has not. */
export function defaultPodOnly(spec: JsonObject): void {
  spec.enableServiceLinks ??= true;
  for (const container of [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")]) {
    const limits = objectAt(container, "resources", "limits");
    const resources = objectIn(container, "resources");
    for (const [name, limit] of Object.entries(limits)) objectIn(resources, "requests")[name] ??= limit;
    if (spec.hostNetwork === true)
      for (const port of objectsAt(container, "ports")) port.hostPort ??= port.containerPort;
  }
}

function defaultContainer(container: JsonObject): void {
  const image = typeof container.image === "string" ? container.image : "";
  const tag = image.split("/").at(-1)?.split(":")[1];
  container.imagePullPolicy ??= tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  canonicalResources(objectIn(container, "resources"));
  for (const port of objectsAt(container, "ports")) port.protocol ??= "TCP";
  for (const env of objectsAt(container, "env")) defaultReferences(env.valueFrom);
  for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = container[kind];
    if (isObject(probe)) defaultProbe(probe);
  }
  for (const hook of ["postStart", "preStop"]) defaultHttpGet(objectAt(container, "lifecycle", hook).httpGet);
}

/** References to fields of the pod, in variables and files. */
function defaultReferences(source: unknown): void {
  const { fieldRef, resourceFieldRef } = isObject(source) ? source : {};
  if (isObject(fieldRef)) fieldRef.apiVersion ??= "v1";
  if (!isObject(resourceFieldRef)) return;
  resourceFieldRef.divisor ??= "0";
  canonicalize(resourceFieldRef, "divisor");
}

function defaultHttpGet(httpGet: unknown): void {
  if (!isObject(httpGet)) return;
  httpGet.path ??= "/";
  httpGet.scheme ??= "HTTP";
}

function defaultProbe(probe: JsonObject): void {
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
  if (isObject(probe.grpc)) probe.grpc.service ??= "";
  defaultHttpGet(probe.httpGet);
}

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every((field) => field === "name")) volume.emptyDir = {};
  for (const source of ["configMap", "secret", "projected", "downwardAPI"]) {
    const value = volume[source];
    if (isObject(value)) value.defaultMode ??= 420;
  }
  canonicalize(volume.emptyDir, "sizeLimit");
  if (isObject(volume.hostPath)) volume.hostPath.type ??= "";
  const projected = objectsAt(volume, "projected", "sources");
  for (const { serviceAccountToken } of projected) {
    if (isObject(serviceAccountToken)) serviceAccountToken.expirationSeconds ??= 3600;
  }
  for (const source of [volume, ...projected]) objectsAt(source, "downwardAPI", "items").forEach(defaultReferences);
  const template = objectAt(volume, "ephemeral").volumeClaimTemplate;
  if (!isObject(template)) return;
  objectIn(template, "metadata");
  defaultClaimSpec(objectIn(template, "spec"));
}

/** Fills in what the server decides about a pod: account, priority, how long it bears a lost node. */
export function completePodSpec(spec: JsonObject): void {
  spec.serviceAccountName ??= "default";
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.priority ??= classPriorities[String(spec.priorityClassName ?? "")] ?? 0;
  spec.preemptionPolicy ??= "PreemptLowerPriority";
  const tolerations = Array.isArray(spec.tolerations) ? spec.tolerations : [];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    const borne = tolerations.some(
      (one) => isObject(one) && (one.key ?? key) === key && (one.effect ?? "NoExecute") === "NoExecute",
    );
    if (!borne) tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}

/** The classes that every cluster has. */
const classPriorities: Record<string, number> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

/** Requests and limits of all containers equal: Guaranteed; none at all: BestEffort; else Burstable. */
export function qosClass(spec: JsonObject): string {
  const containers = [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")];
  const resources = containers.map((container) => objectAt(container, "resources"));
  const any = resources.some(({ requests, limits }) => requests !== undefined || limits !== undefined);
  if (!any) return "BestEffort";
  const guaranteed = resources.every((given) => {
    const [requests, limits] = [objectAt(given, "requests"), objectAt(given, "limits")];
    return ["cpu", "memory"].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    );
  });
  return guaranteed ? "Guaranteed" : "Burstable";
}
