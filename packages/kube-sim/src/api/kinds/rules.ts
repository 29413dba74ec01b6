import { at, isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt, stringsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { FieldProblem } from "../status.ts";
import { definitionProblems } from "./definition-rules.ts";
import { daemonSetRules, rolloutRules, selectorRules, statefulSetRules } from "./workload-rules.ts";

type Rule = (object: KubeObject, old: KubeObject | undefined) => FieldProblem[];

const rules: Record<string, Rule> = {
  "/configmaps": dataRules,
  "/secrets": dataRules,
  "/pods": (pod) => mountProblems(objectAt(pod, "spec"), "spec"),
  "/services": serviceRules,
  "/events": eventRules,
  "apps/deployments": deploymentRules,
  "apps/replicasets": templateRules,
  "apps/statefulsets": (set, old) => [...templateRules(set), ...statefulSetRules(set, old)],
  "apps/daemonsets": (set) => [...templateRules(set), ...daemonSetRules(set)],
  "autoscaling/horizontalpodautoscalers": autoscalerRules,
  "coordination.k8s.io/leases": leaseRules,
  "discovery.k8s.io/endpointslices": sliceRules,
  "apiextensions.k8s.io/customresourcedefinitions": definitionProblems,
};

/** What is wrong with an object by the rules of its kind that go beyond single fields. */
export function kindProblems(
  resource: ResourceDefinition,
  object: KubeObject,
  old: KubeObject | undefined,
): FieldProblem[] {
  return rules[resource.hub]?.(object, old) ?? [];
}

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function dataRules(object: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const data = objectAt(object, "data");
  for (const part of ["data", "binaryData"]) {
    for (const key of Object.keys(objectAt(object, part))) {
      const field = `${part}[${key}]`;
      if (!/^[-._a-zA-Z0-9]+$/.test(key)) problems.push({ type: "Invalid", field, value: key, detail: keyRule });
      if (part === "binaryData" && data[key] !== undefined) {
        const detail = "duplicate of key present in binaryData";
        problems.push({ type: "Invalid", field: `data[${key}]`, value: key, detail });
      }
    }
  }
  const isSecret = object.kind === "Secret";
  const bytes = sizeOf(data, isSecret) + sizeOf(objectAt(object, "binaryData"), true);
  const detail = `may not be more than ${dataLimit} bytes`;
  if (bytes > dataLimit) problems.push({ type: "TooLong", field: isSecret ? "data" : "[]", detail });
  return problems;
}

const dataLimit = 1024 * 1024;

function sizeOf(data: JsonObject, isBase64: boolean): number {
  return Object.values(data).reduce<number>((sum, value) => {
    const length = typeof value === "string" ? Buffer.byteLength(value) : 0;
    return sum + (isBase64 ? Math.floor((length * 3) / 4) : length);
  }, 0);
}

function mountProblems(spec: JsonObject, path: string): FieldProblem[] {
  const volumes = new Set(objectsAt(spec, "volumes").map((volume) => volume.name));
  return ["initContainers", "containers"].flatMap((list) =>
    objectsAt(spec, list).flatMap((container, index) =>
      objectsAt(container, "volumeMounts").flatMap((mount, position): FieldProblem[] => {
        if (volumes.has(mount.name)) return [];
        const field = `${path}.${list}[${index}].volumeMounts[${position}].name`;
        return [{ type: "NotFound", field, value: mount.name, detail: "" }];
      }),
    ),
  );
}

function templateRules(object: KubeObject): FieldProblem[] {
  const problems = [
    ...selectorRules(object),
    ...mountProblems(objectAt(object, "spec", "template", "spec"), "spec.template.spec"),
  ];
  if (isObject(at(object, "spec", "selector"))) return problems;
  const value = objectAt(object, "spec", "template", "metadata", "labels");
  const detail = "`selector` does not match template `labels`";
  return [...problems, { type: "Invalid", field: "spec.template.metadata.labels", value, detail }];
}

function deploymentRules(object: KubeObject): FieldProblem[] {
  const strategy = objectAt(object, "spec", "strategy");
  const problems = [...templateRules(object), ...rolloutRules(object)];
  if (strategy.type !== "RollingUpdate" && strategy.type !== "Recreate") {
    const detail = 'supported values: "Recreate", "RollingUpdate"';
    problems.push({ type: "NotSupported", field: "spec.strategy", value: strategy, detail });
  }
  const { maxSurge, maxUnavailable } = objectAt(strategy, "rollingUpdate");
  const none = (value: unknown) => value === 0 || value === "0%" || value === "0";
  if (none(maxSurge) && none(maxUnavailable)) {
    const detail = "may not be 0 when `maxSurge` is 0";
    const field = "spec.strategy.rollingUpdate.maxUnavailable";
    problems.push({ type: "Invalid", field, value: maxUnavailable, detail });
  }
  return problems;
}

const serviceTypes = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

function serviceRules(service: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const type = stringAt(service, "spec", "type");
  if (!serviceTypes.includes(type ?? "")) {
    const detail = `supported values: ${serviceTypes.map((known) => JSON.stringify(known)).join(", ")}`;
    problems.push({ type: "NotSupported", field: "spec.type", value: type, detail });
  }
  objectsAt(service, "spec", "ports").forEach(({ targetPort }, index) => {
    const isName = typeof targetPort === "string" && targetPort !== "";
    const fits = isName
      ? /^[a-z0-9-]*$/i.test(targetPort)
      : typeof targetPort !== "number" || (targetPort >= 1 && targetPort <= 65535);
    if (fits) return;
    const detail = isName
      ? "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
      : "must be between 1 and 65535, inclusive";
    problems.push({ type: "Invalid", field: `spec.ports[${index}].targetPort`, value: targetPort, detail });
  });
  if (type !== "LoadBalancer" && objectsAt(service, "status", "loadBalancer", "ingress").length > 0) {
    const detail = "may only be used when `spec.type` is 'LoadBalancer'";
    problems.push({ type: "Forbidden", field: "status.loadBalancer.ingress", detail });
  }
  objectsAt(service, "spec", "ports").forEach(({ nodePort }, index) => {
    if (typeof nodePort !== "number" || nodePort === 0 || (nodePort >= 30_000 && nodePort <= 32_767)) return;
    const detail = "provided port is not in the valid range. The range of valid ports is 30000-32767";
    problems.push({ type: "Invalid", field: `spec.ports[${index}].nodePort`, value: nodePort, detail });
  });
  return problems;
}

function eventRules(event: KubeObject): FieldProblem[] {
  const about = stringAt(event, "involvedObject", "namespace") ?? stringAt(event, "regarding", "namespace") ?? "";
  const { namespace } = event.metadata;
  if (about === namespace || (about === "" && namespace === "default")) return [];
  const field = "involvedObject.namespace";
  return [{ type: "Invalid", field, value: about, detail: "does not match event.namespace" }];
}

function autoscalerRules(object: KubeObject): FieldProblem[] {
  const minimum = numberAt(object, "spec", "minReplicas");
  if (minimum === undefined || minimum > 0) return [];
  const scalesToZero = objectsAt(object, "spec", "metrics").some(
    ({ type }) => type === "Object" || type === "External",
  );
  if (minimum === 0 && scalesToZero) return [];
  const detail = "must be greater than or equal to 1";
  const why = "must specify at least one Object or External metric to support scaling to zero replicas";
  return [
    { type: "Invalid", field: "spec.minReplicas", value: minimum, detail },
    { type: "Forbidden", field: "spec.metrics", detail: why },
  ];
}

function leaseRules(lease: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const check = (name: string, least: number, detail: string) => {
    const value = numberAt(lease, "spec", name);
    if (value !== undefined && value < least) {
      problems.push({ type: "Invalid", field: `spec.${name}`, value, detail });
    }
  };
  check("leaseDurationSeconds", 1, "must be greater than 0");
  check("leaseTransitions", 0, "must be greater than or equal to 0");
  return problems;
}

/** Pods that are processes of this machine are at its loopback: their controller may say so, nobody else. */
const ownController = "endpointslice-controller.k8s.io";

function addressProblems(slice: KubeObject): FieldProblem[] {
  if (slice.metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === ownController) return [];
  return objectsAt(slice, "endpoints").flatMap((endpoint, index) =>
    stringsAt(endpoint, "addresses").flatMap((address, position): FieldProblem[] => {
      if (!/^(127\.|::1$)/.test(address)) return [];
      const field = `endpoints[${index}].addresses[${position}]`;
      return [
        { type: "Invalid", field, value: address, detail: "may not be in the loopback range (127.0.0.0/8, ::1/128)" },
      ];
    }),
  );
}

const addressTypes = ["FQDN", "IPv4", "IPv6"];

function sliceRules(slice: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const { addressType } = slice;
  if (addressType === undefined || addressType === "") return [{ type: "Required", field: "addressType", detail: "" }];
  if (old && old.addressType !== addressType) {
    return [{ type: "Invalid", field: "addressType", value: addressType, detail: "field is immutable" }];
  }
  if (addressTypes.includes(String(addressType))) return addressProblems(slice);
  const detail = `supported values: ${addressTypes.map((known) => JSON.stringify(known)).join(", ")}`;
  return [{ type: "NotSupported", field: "addressType", value: addressType, detail }];
}
