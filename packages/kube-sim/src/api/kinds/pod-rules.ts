import { isObject, type JsonObject, objectAt } from "../json.ts";
import type { FieldProblem } from "../status.ts";
import {
  between,
  type Check,
  type Constraints,
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
  "env[].name": required(),
  "volumeMounts[].mountPath": required(),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  imagePullPolicy: oneOf("Always", "IfNotPresent", "Never"),
  resources,
};

const specRules: Constraints = {
  ...Object.fromEntries(
    ["initContainers", "containers"].flatMap((list) =>
      Object.entries(containerRules).map(([field, check]) => [`${list}[].${field}`, check]),
    ),
  ),
  dnsPolicy: oneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"),
};

/** What a pod's spec breaks of the rules for single fields. `restarts`: the policies that its owner takes. */
export function podSpecProblems(spec: JsonObject, path: string, o: { restarts: readonly string[] }): FieldProblem[] {
  return violations(spec, { ...specRules, restartPolicy: oneOf(...o.restarts) }, path);
}
