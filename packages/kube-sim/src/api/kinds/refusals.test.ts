import { expect, test } from "vitest";
import { type JsonObject, stringAt } from "../json.ts";
import { bare, simulated } from "../../testing/suite.ts";

const { api } = await simulated(bare);

const core = "/api/v1/namespaces/default";
const rbac = "/apis/rbac.authorization.k8s.io/v1";
const hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const pod = (spec: JsonObject, container: JsonObject = {}) => ({
  spec: { containers: [{ name: "c", image: "x", ...container }], ...spec },
});
const port = { port: 80 };
const hook = (more: JsonObject) => ({
  webhooks: [
    {
      ...{ name: "a.b.c", sideEffects: "None", admissionReviewVersions: ["v1"] },
      ...{ clientConfig: { url: "https://x" }, ...more },
    },
  ],
});
const definition = (properties: JsonObject) => ({
  metadata: { name: "things.x.dev" },
  spec: {
    ...{ group: "x.dev", names: { plural: "things", kind: "Thing" }, scope: "Namespaced" },
    versions: [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties } } },
    ],
  },
});

/** What is refused, and what kube-apiserver 1.36 says to it behind `… is invalid: `. */
const cases: Record<string, [path: string, body: JsonObject, message: string]> = {
  "a restart policy nobody knows": [
    `${core}/pods`,
    pod({ restartPolicy: "Sometimes" }),
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ],
  "a container port of nothing": [
    `${core}/pods`,
    pod({}, { ports: [{ containerPort: 0 }] }),
    "spec.containers[0].ports[0].containerPort: Required value",
  ],
  "a probe that does nothing": [
    `${core}/pods`,
    pod({}, { livenessProbe: {} }),
    "spec.containers[0].livenessProbe: Required value: must specify a handler type",
  ],
  "a request beyond its limit": [
    `${core}/pods`,
    pod({}, { resources: { limits: { cpu: "1" }, requests: { cpu: "2000m" } } }),
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ],
  "a protocol nobody speaks": [
    `${core}/services`,
    { spec: { ports: [{ ...port, protocol: "X" }] } },
    'spec.ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
  ],
  "an external Service of no name": [
    `${core}/services`,
    { spec: { type: "ExternalName" } },
    "spec.externalName: Required value",
  ],
  "a TLS Secret without its parts": [
    `${core}/secrets`,
    { type: "kubernetes.io/tls", data: {} },
    "[data[tls.crt]: Required value, data[tls.key]: Required value]",
  ],
  "a budget of two kinds": [
    "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    { spec: { minAvailable: 1, maxUnavailable: 1 } },
    'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
  ],
  "a rule without verbs": [
    `${rbac}/namespaces/default/roles`,
    { rules: [{ apiGroups: [""], resources: ["pods"] }] },
    "rules[0].verbs: Required value: verbs must contain at least one value",
  ],
  "a path in a namespace": [
    `${rbac}/namespaces/default/roles`,
    { rules: [{ nonResourceURLs: ["/x"], verbs: ["get"] }] },
    'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
  ],
  "a Role bound in the whole cluster": [
    `${rbac}/clusterrolebindings`,
    { roleRef: { kind: "Role", name: "y" } },
    'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
  ],
  "a webhook of a short name": [
    hooks,
    hook({ name: "x" }),
    'webhooks[0].name: Invalid value: "x": should be a domain with at least three segments separated by dots',
  ],
  "a webhook that keeps its side effects to itself": [
    hooks,
    hook({ sideEffects: "Some" }),
    'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
  ],
  "a webhook over plain HTTP": [
    hooks,
    hook({ clientConfig: { url: "http://x" } }),
    "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
  ],
  "a list of keyless items": [
    definitions,
    definition({ a: { type: "array", "x-kubernetes-list-type": "map", items: { type: "object" } } }),
    "spec.validation.openAPIV3Schema.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
  ],
  "a schema that is open and closed": [
    definitions,
    definition({
      a: { type: "object", properties: { b: { type: "string" } }, additionalProperties: { type: "string" } },
    }),
    "spec.validation.openAPIV3Schema.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
  ],
};

test.each(Object.entries(cases))("%s is refused in the words of the real API", async (_name, [path, body, message]) => {
  const refusal = await api.refusal("POST", path, { metadata: { name: "x" }, ...body });
  expect(refusal).toMatchObject({ code: 422, reason: "Invalid" });
  expect(stringAt(refusal, "message")?.split(" is invalid: ")[1]).toBe(message);
});
