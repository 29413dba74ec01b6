import { isObject, type JsonObject, objectAt, objectsAt } from "../json.ts";

/** Fills in what the API server fills in for a pod's spec, in a pod or in a template. */
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

function defaultContainer(container: JsonObject): void {
  const image = typeof container.image === "string" ? container.image : "";
  const tag = image.split("/").at(-1)?.split(":")[1];
  container.imagePullPolicy ??= tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  container.resources ??= {};
  for (const port of objectsAt(container, "ports")) port.protocol ??= "TCP";
  for (const env of objectsAt(container, "env")) {
    const fieldRef = objectAt(env, "valueFrom").fieldRef;
    if (isObject(fieldRef)) fieldRef.apiVersion ??= "v1";
  }
  for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = container[kind];
    if (isObject(probe)) defaultProbe(probe);
  }
}

function defaultProbe(probe: JsonObject): void {
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
  if (!isObject(probe.httpGet)) return;
  probe.httpGet.path ??= "/";
  probe.httpGet.scheme ??= "HTTP";
}

function defaultVolume(volume: JsonObject): void {
  for (const source of ["configMap", "secret", "projected", "downwardAPI"]) {
    const value = volume[source];
    if (isObject(value)) value.defaultMode ??= 420;
  }
}

/** Requests and limits of all containers equal: Guaranteed; none at all: BestEffort; else Burstable. */
export function qosClass(spec: JsonObject): string {
  const resources = objectsAt(spec, "containers").map((container) => objectAt(container, "resources"));
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
