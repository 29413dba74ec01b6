import { at, isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import {
  address,
  between,
  type Check,
  type Constraints,
  dnsSubdomain,
  oneOf,
  required,
  violations,
} from "./constraints.ts";

const notNegative = between(0, Number.POSITIVE_INFINITY, "must be greater than or equal to 0");

const pathTypes: Constraints = {
  "spec.rules[].host": dnsSubdomain,
  "spec.rules[].http.paths[].backend": (value) =>
    isObject(value) && (value.service ?? value.resource) !== undefined
      ? undefined
      : { type: "Invalid", value: "", detail: "resource or service backend is required" },
  "spec.rules[].http.paths[].pathType": [
    required("pathType must be specified"),
    oneOf("Exact", "ImplementationSpecific", "Prefix"),
  ],
};

function validateIngress(ingress: KubeObject): FieldProblem[] {
  const spec = objectAt(ingress, "spec");
  const hasAny = spec.defaultBackend !== undefined || objectsAt(spec, "rules").length > 0;
  if (hasAny) return violations(ingress, pathTypes);
  const detail = "either `defaultBackend` or `rules` must be specified";
  return [{ type: "Invalid", field: "spec", value: null, detail }];
}

const notBoth: Check = (spec) => {
  if (!isObject(spec) || spec.minAvailable === undefined || spec.maxUnavailable === undefined) return undefined;
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const shown = {
    ...{ MinAvailable: minAvailable, Selector: selector ?? null, MaxUnavailable: maxUnavailable },
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
  return { type: "Invalid", value: shown, detail: "minAvailable and maxUnavailable cannot be both set" };
};

const endpointAddresses: Check = (endpoint, slice) => {
  const list = at(endpoint, "addresses");
  if (!Array.isArray(list) || list.length === 0) {
    return { type: "Required", at: ".addresses", detail: "must contain at least 1 address" };
  }
  if (slice.addressType === "FQDN") return undefined;
  return list.flatMap((value: unknown, index) => {
    const found = address(value, slice);
    return found ? [found].flat().map((finding) => ({ ...finding, value, at: `.addresses[${index}]` })) : [];
  });
};

/** A claim says how it is accessed and how large it is. */
const claim: Constraints = {
  "spec.accessModes": required("at least 1 access mode is required"),
  "spec.resources": (value) => (at(value, "requests", "storage") ? undefined : { type: "Required", at: "[storage]" }),
};

function restartOfJob(prefix: string): Constraints {
  return {
    [`${prefix}.template.spec.restartPolicy`]: (value) =>
      value === "Always" ? { type: "Required", detail: 'valid values: "OnFailure", "Never"' } : undefined,
  };
}

const schedule: Check = (value) => {
  const text = String(value ?? "");
  if (text === "") return { type: "Required" };
  const fields = text.split(/\s+/);
  if (text.startsWith("@") || fields.length === 5) return undefined;
  return { type: "Invalid", detail: `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]` };
};

const byTable = (constraints: Constraints) => (object: KubeObject) => violations({ spec: {}, ...object }, constraints);

/** What kinds with few rules ask of their objects, by version and plural. */
export const objectRules: Readonly<Record<string, (object: KubeObject) => FieldProblem[]>> = {
  "v1 persistentvolumeclaims": byTable(claim),
  "batch/v1 jobs": byTable(restartOfJob("spec")),
  "batch/v1 cronjobs": byTable({ ...restartOfJob("spec.jobTemplate.spec"), "spec.schedule": schedule }),
  "networking.k8s.io/v1 ingresses": validateIngress,
  "networking.k8s.io/v1 networkpolicies": byTable({ "spec.policyTypes[]": oneOf("Ingress", "Egress") }),
  "discovery.k8s.io/v1 endpointslices": byTable({
    "endpoints[]": endpointAddresses,
  }),
  "policy/v1 poddisruptionbudgets": byTable({
    spec: notBoth,
    "spec.minAvailable": notNegative,
    "spec.maxUnavailable": notNegative,
  }),
};

/** Rules of scaling targets and bounds. */
export function validateAutoscaler(object: KubeObject): FieldProblem[] {
  const spec = objectAt(object, "spec");
  const [low = 1, high = 0] = [numberAt(spec, "minReplicas"), numberAt(spec, "maxReplicas")];
  const tooLow = "must be greater than or equal to `minReplicas`";
  const constraints: Constraints = {
    "spec.maxReplicas": () => [
      ...(high < 1 ? [{ type: "Required" as const, detail: "must be set and greater than 0" }] : []),
      ...(high < low ? [{ type: "Invalid" as const, value: high, detail: tooLow }] : []),
    ],
    "spec.scaleTargetRef.kind": required(),
    "spec.scaleTargetRef.name": required(),
    "spec.scaleTargetRef": (reference) => apiVersionOf(reference),
    "spec.metrics[]": (metric) => metricSource(metric),
  };
  return violations({ ...object, spec: { scaleTargetRef: {}, ...spec } }, constraints);
}

function apiVersionOf(reference: unknown): ReturnType<Check> {
  const version = stringAt(reference, "apiVersion") ?? "";
  const isCore = version === "v1" && stringAt(reference, "kind") === "ReplicationController";
  if (version.includes("/") || isCore) return undefined;
  return { type: "Invalid", at: ".apiVersion", value: version, detail: "apiVersion must specify API group" };
}

const metricFields: Record<string, string> = { ContainerResource: "containerResource" };

function metricSource(metric: unknown): ReturnType<Check> {
  const given: JsonObject = isObject(metric) ? metric : {};
  const type = stringAt(given, "type") ?? "";
  const field = metricFields[type] ?? type.toLowerCase();
  if (isObject(given[field])) return undefined;
  return { type: "Required", at: `.${field}`, detail: "must populate information for the given metric source" };
}
