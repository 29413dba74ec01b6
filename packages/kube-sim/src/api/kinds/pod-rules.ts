import { isObject, type JsonObject, objectAt } from "../json.ts";
import type { FieldProblem } from "../status.ts";
import {
  between,
  type Check,
  type Constraints,
  distinct,
  dnsLabel,
  oneOf,
  portNumber,
  protocol,
  required,
  violations,
} from "./constraints.ts";
import { isMore } from "./quantity.ts";

const handlers = ["exec", "httpGet", "tcpSocket", "grpc"];

const probe: Check = (value) =>
  isObject(value) && !handlers.some((handler) => value[handler] !== undefined)
    ? { type: "Required", detail: "must specify a handler type" }
    : undefined;

const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/** A variable has a value or one source of it. */
const source: Check = (value, variable) => {
  if (!isObject(value)) return undefined;
  const given = sources.filter((name) => value[name] !== undefined);
  const detail =
    given.length === 0
      ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
      : given.length > 1
        ? "may not have more than one field specified at a time"
        : variable.value
          ? "may not be specified when `value` is not empty"
          : undefined;
  return detail === undefined ? undefined : { type: "Invalid", value: "", detail };
};

const notNegative = between(0, Number.POSITIVE_INFINITY, "must be greater than or equal to 0");
const probeRules: Constraints = Object.fromEntries(
  ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => [
    [name, probe],
    [`${name}.httpGet.port`, portNumber],
    [`${name}.tcpSocket.port`, portNumber],
    ...["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"].map(
      (field) => [`${name}.${field}`, notNegative],
    ),
  ]),
);

/** What is asked for is no more than what is allowed. */
const resources: Check = (value) => {
  const [requests, limits] = [objectAt(value, "requests"), objectAt(value, "limits")];
  return Object.entries(requests).flatMap(([name, request]) =>
    limits[name] !== undefined && isMore(request, limits[name])
      ? [
          {
            type: "Invalid" as const,
            at: ".requests",
            value: request,
            detail: `must be less than or equal to ${name} limit of ${limits[name]}`,
          },
        ]
      : [],
  );
};

const containerRules: Constraints = {
  name: dnsLabel,
  "ports[].containerPort": [
    (value) => (value ? undefined : { type: "Required" }),
    (value, port) => (value ? portNumber(value, port) : undefined),
  ],
  "ports[].hostPort": between(0, 65_535, "must be between 1 and 65535, inclusive"),
  "ports[].protocol": protocol,
  "ports[].name": (value) =>
    typeof value === "string" && value.length > 15
      ? { type: "Invalid", detail: "must be no more than 15 characters" }
      : undefined,
  "env[].name": required(),
  "env[].valueFrom": source,
  "volumeMounts[].mountPath": required(),
  ...probeRules,
  imagePullPolicy: oneOf("Always", "IfNotPresent", "Never"),
  resources,
};

const specRules: Constraints = {
  ...Object.fromEntries(
    ["initContainers", "containers"].flatMap((list) =>
      Object.entries(containerRules).map(([field, check]) => [`${list}[].${field}`, check]),
    ),
  ),
  volumes: distinct("name"),
  dnsPolicy: oneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"),
};

/** What a pod's spec breaks of the rules for single fields. `restarts`: the policies that its owner takes. */
export function podSpecProblems(spec: JsonObject, path: string, o: { restarts: readonly string[] }): FieldProblem[] {
  return violations(spec, { ...specRules, restartPolicy: oneOf(...o.restarts) }, path);
}
