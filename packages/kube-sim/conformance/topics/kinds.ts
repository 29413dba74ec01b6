import { type JsonObject, objectAt, objectsAt } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { deployment, made, map, pod, service } from "../objects.ts";
import type { Place } from "../place.ts";

/** A refused create: where, what, with which code, and the fields named (422) or the message (400). */
interface Refused {
  kind: string;
  body: (name: string) => JsonObject;
  code: 400 | 422;
  fields?: readonly string[];
  message?: RegExp;
}

const workload = (change: (spec: JsonObject) => JsonObject) => (name: string) => {
  const body = deployment(name);
  return { ...body, spec: { ...objectAt(body, "spec"), ...change(objectAt(body, "spec")) } };
};

const template = (spec: JsonObject) => ({ template: { metadata: { labels: { app: "x" } }, spec } });
const autoscaler = (spec: JsonObject) => (name: string) => ({
  metadata: { name },
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, ...spec },
});
const lease = (spec: JsonObject) => (name: string) => ({ metadata: { name }, spec });
const event = (fields: JsonObject) => (name: string) => ({
  metadata: { name },
  involvedObject: { kind: "Pod", name: "x" },
  type: "Normal",
  reason: "R",
  message: "m",
  ...fields,
});
const ofService = (spec: JsonObject) => (name: string) => ({ ...service(name), spec });
const slice = (endpoints: JsonObject[]) => (name: string) => ({
  ...{ metadata: { name }, addressType: "IPv4", endpoints, ports: [{ name: "", port: 80, protocol: "TCP" }] },
});

const apps = "apps/v1/deployments";
const leases = "coordination.k8s.io/v1/leases";
const hpas = "autoscaling/v2/horizontalpodautoscalers";
const slices = "discovery.k8s.io/v1/endpointslices";

const refused: Record<string, Refused> = {
  "ConfigMap: data must be texts": {
    ...{ kind: "configmaps", body: (name) => ({ metadata: { name }, data: { a: 1 } }), code: 400 },
    message:
      /^ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string$/,
  },
  "ConfigMap: labels must be texts": {
    ...{ kind: "configmaps", body: (name) => ({ metadata: { name, labels: { a: true } } }), code: 400 },
    message: /cannot unmarshal bool into Go struct field/,
  },
  "ConfigMap: a key with a slash": {
    ...{ kind: "configmaps", body: (name) => map(name, { "a/b": "1" }), code: 422, fields: ["data[a/b]"] },
  },
  "ConfigMap: one key in data and binaryData": {
    kind: "configmaps",
    body: (name) => ({ ...map(name, { a: "1" }), binaryData: { a: "MQ==" } }),
    ...{ code: 422, fields: ["data[a]"] },
  },
  "Secret: data must be base64": {
    ...{
      kind: "secrets",
      body: (name) => ({ metadata: { name }, data: { a: "%" } }),
      code: 400,
      message: /illegal base64 data/,
    },
  },
  "Deployment: no containers": {
    ...{ kind: apps, body: workload(() => template({ containers: [] })), code: 422 },
    fields: ["spec.template.metadata.labels", "spec.template.spec.containers"],
  },
  "Deployment: no selector": {
    ...{ kind: apps, body: workload(() => ({ selector: undefined })), code: 422 },
    fields: ["spec.selector", "spec.template.metadata.labels"],
  },
  "Deployment: a selector that does not fit the template": {
    ...{ kind: apps, body: workload(() => ({ selector: { matchLabels: { app: "no" } } })), code: 422 },
    fields: ["spec.template.metadata.labels"],
  },
  "Deployment: fewer replicas than none": {
    ...{ kind: apps, body: workload(() => ({ replicas: -1 })), code: 422, fields: ["spec.replicas"] },
  },
  "Deployment: replicas that are a text": {
    ...{ kind: apps, body: workload(() => ({ replicas: "1" })), code: 400 },
    message: /cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32$/,
  },
  "Deployment: an unknown strategy": {
    ...{ kind: apps, body: workload(() => ({ strategy: { type: "Odd" } })), code: 422, fields: ["spec.strategy"] },
  },
  "Deployment: neither surge nor unavailable": {
    kind: apps,
    body: workload(() => ({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } })),
    ...{ code: 422, fields: ["spec.strategy.rollingUpdate.maxUnavailable"] },
  },
  "Pod: two containers of one name": {
    kind: "pods",
    body: (name) => ({ ...pod(name), spec: { containers: [1, 2].map(() => ({ name: "a", image: "a" })) } }),
    ...{ code: 422, fields: ["spec.containers[1].name"] },
  },
  "Pod: no image": {
    kind: "pods",
    body: (name) => ({ ...pod(name), spec: { containers: [{ name: "a" }] } }),
    ...{ code: 422, fields: ["spec.containers[0].image"] },
  },
  "Pod: a quantity that is none": {
    kind: "pods",
    body: (name) => ({
      ...pod(name),
      spec: { containers: [{ name: "a", image: "a", resources: { requests: { cpu: "much" } } }] },
    }),
    ...{ code: 400, message: /quantities must match the regular expression/ },
  },
  "Pod: a mount of a volume it does not have": {
    kind: "pods",
    body: (name) => ({
      ...pod(name),
      spec: { containers: [{ name: "a", image: "a", volumeMounts: [{ name: "v", mountPath: "/v" }] }] },
    }),
    ...{ code: 422, fields: ["spec.containers[0].volumeMounts[0].name"] },
  },
  "Service: no ports": { kind: "services", body: ofService({}), code: 422, fields: ["spec.ports"] },
  "Service: two ports without names": {
    ...{ kind: "services", body: ofService({ ports: [{ port: 80 }, { port: 81 }] }), code: 422 },
    fields: ["spec.ports[0].name", "spec.ports[1].name"],
  },
  "Service: a port out of range": {
    ...{ kind: "services", body: ofService({ ports: [{ port: 70_000 }] }), code: 422 },
    fields: ["spec.ports[0].port", "spec.ports[0].targetPort"],
  },
  "Service: an unknown type": {
    ...{ kind: "services", body: ofService({ type: "Odd", ports: [{ port: 80 }] }), code: 422, fields: ["spec.type"] },
  },
  "HorizontalPodAutoscaler: no maximum": {
    ...{ kind: hpas, body: autoscaler({ maxReplicas: 0 }), code: 422, fields: ["spec.maxReplicas"] },
  },
  "HorizontalPodAutoscaler: a minimum above the maximum": {
    ...{ kind: hpas, body: autoscaler({ minReplicas: 4 }), code: 422, fields: ["spec.maxReplicas"] },
  },
  "HorizontalPodAutoscaler: a minimum of none": {
    ...{ kind: hpas, body: autoscaler({ minReplicas: 0 }), code: 422 },
    fields: ["spec.minReplicas", "spec.metrics"],
  },
  "Lease: times need microseconds": {
    ...{ kind: leases, body: lease({ renewTime: "2026-01-01T00:00:01.123Z" }), code: 400 },
    message: /parsing time "2026-01-01T00:00:01.123Z" as "2006-01-02T15:04:05.000000Z07:00"/,
  },
  "Lease: a duration of none": {
    ...{ kind: leases, body: lease({ leaseDurationSeconds: 0 }), code: 422, fields: ["spec.leaseDurationSeconds"] },
  },
  "Lease: fewer transitions than none": {
    ...{ kind: leases, body: lease({ leaseTransitions: -1 }), code: 422, fields: ["spec.leaseTransitions"] },
  },
  "Event: about an object of another namespace": {
    ...{ kind: "events", body: event({ involvedObject: { kind: "Pod", name: "x", namespace: "default" } }), code: 422 },
    fields: ["involvedObject.namespace"],
  },
  "Event: eventTime needs microseconds": {
    ...{ kind: "events", body: event({ eventTime: "2026-01-01T00:00:00Z" }), code: 400, message: /parsing time/ },
  },
  "EndpointSlice: an address of the loopback": {
    ...{ kind: slices, body: slice([{ addresses: ["127.0.0.1"] }]), code: 422, fields: ["endpoints[0].addresses[0]"] },
  },
  "EndpointSlice: no address type": {
    ...{
      kind: slices,
      body: (name) => ({ metadata: { name }, endpoints: [], ports: [] }),
      code: 422,
      fields: ["addressType"],
    },
  },
};

export const refusals: Cases = rows(
  refused,
  (sentence) => sentence,
  async (place, row) => {
    const reason = row.code === 400 ? "BadRequest" : "Invalid";
    const { fields, message } = row;
    refuses(await place.in(row.kind).create(row.body(place.name())), row.code, reason, {
      ...(fields && { fields }),
      ...(message && { message }),
    });
  },
);

/** What the server fills in or changes of its own. */
const defaulted: Record<string, [kind: string, body: (place: Place, name: string) => JsonObject, answer: JsonObject]> =
  {
    Deployment: [
      apps,
      (_place, name) => deployment(name),
      {
        metadata: { generation: 1 },
        spec: {
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
          ...{ revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
          template: { spec: { restartPolicy: "Always", schedulerName: "default-scheduler", securityContext: {} } },
        },
        status: {},
      },
    ],
    Service: [
      "services",
      (_place, name) => service(name),
      {
        spec: {
          ...{ type: "ClusterIP", sessionAffinity: "None", clusterIP: someText, clusterIPs: [someText] },
          ...{ ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack", internalTrafficPolicy: "Cluster" },
          ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
        },
        status: { loadBalancer: {} },
      },
    ],
    "a headless Service": [
      "services",
      (_place, name) => ({ ...service(name), spec: { clusterIP: "None", selector: { a: "b" } } }),
      { spec: { clusterIP: "None", clusterIPs: ["None"] } },
    ],
    "Secret: stringData ends up in data": [
      "secrets",
      (_place, name) => ({ metadata: { name }, stringData: { a: "hello" } }),
      { type: "Opaque", data: { a: "aGVsbG8=" }, stringData: absent },
    ],
    HorizontalPodAutoscaler: [
      hpas,
      (_place, name) => autoscaler({})(name),
      {
        spec: {
          minReplicas: 1,
          metrics: [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
          ],
        },
        status: { desiredReplicas: 0, currentMetrics: null },
      },
    ],
    "Lease: times with microseconds stay": [
      leases,
      (_place, name) =>
        lease({ holderIdentity: "a", renewTime: "2026-01-01T00:00:01.123456Z", leaseDurationSeconds: 15 })(name),
      { spec: { renewTime: "2026-01-01T00:00:01.123456Z" } },
    ],
    "Event: seconds only in the old times, eventTime null": [
      "events",
      (place, name) => ({
        ...event({ firstTimestamp: "2026-01-01T00:00:00.987Z" })(name),
        involvedObject: { kind: "Pod", name: "x", namespace: place.namespace },
      }),
      {
        firstTimestamp: "2026-01-01T00:00:00Z",
        lastTimestamp: null,
        eventTime: null,
        reportingComponent: "",
        source: {},
      },
    ],
    "null is the same as nothing": [
      "configmaps",
      (_place, name) => ({ ...map(name), binaryData: null, metadata: { name, labels: null } }),
      { binaryData: absent, metadata: { labels: absent } },
    ],
  };

export const defaulting: Cases = {
  ...rows(
    defaulted,
    (sentence) => sentence,
    async (place, [kind, body, answer]) => {
      answers(await place.in(kind).create(body(place, place.name())), 201, answer);
    },
  ),
  "an Event is also one of events.k8s.io": async (place) => {
    const name = place.name();
    const involvedObject = { kind: "Pod", name: "x", namespace: place.namespace };
    await made(place.in("events").create(event({ involvedObject, count: 2, source: { component: "c" } })(name)));
    answers(await place.in("events.k8s.io/v1/events").get(name), 200, {
      kind: "Event",
      apiVersion: "events.k8s.io/v1",
      ...{ note: "m", reason: "R", regarding: { name: "x" }, deprecatedCount: 2, deprecatedSource: { component: "c" } },
    });
  },
  "an autoscaler of v2 is also one of v1": async (place) => {
    const name = place.name();
    await made(place.in(hpas).create(autoscaler({})(name)));
    answers(await place.in("autoscaling/v1/horizontalpodautoscalers").get(name), 200, {
      spec: { maxReplicas: 3, targetCPUUtilizationPercentage: 80, metrics: absent },
    });
  },
  "a namespace carries its name as a label and is Active": async (place) => {
    answers(await place.all("namespaces").get(place.namespace), 200, {
      metadata: { labels: { "kubernetes.io/metadata.name": place.namespace } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  },
};

/** Fields that may not change: what is made, and the patch that tries. */
const fixed: Record<string, [kind: string, body: (name: string) => JsonObject, patch: JsonObject, field: string]> = {
  "a Deployment's selector": [
    apps,
    deployment,
    { spec: { selector: { matchLabels: { app: "no" } }, template: { metadata: { labels: { app: "no" } } } } },
    "spec.selector",
  ],
  "a Service's clusterIP": ["services", service, { spec: { clusterIP: "10.0.0.99" } }, "spec.clusterIPs[0]"],
  "a Secret's type": ["secrets", (name) => ({ metadata: { name } }), { type: "other" }, "type"],
  "a RoleBinding's roleRef": [
    "rbac.authorization.k8s.io/v1/rolebindings",
    (name) => ({ metadata: { name }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "a" } }),
    { roleRef: { name: "b" } },
    "roleRef",
  ],
  "an EndpointSlice's addressType": [slices, slice([]), { addressType: "IPv6" }, "addressType"],
  "an immutable Secret's data": [
    "secrets",
    (name) => ({ metadata: { name }, immutable: true, data: { a: "MQ==" } }),
    { data: { a: "Mg==" } },
    "data",
  ],
};

export const immutable: Cases = {
  ...rows(
    fixed,
    (what) => `${what} stays: 422`,
    async (place, [kind, body, patch, field]) => {
      const name = place.name();
      await made(place.in(kind).create(body(name)));
      refuses(await place.in(kind).merge(name, patch), 422, "Invalid", { fields: [field] });
    },
  ),
  "a Service that is updated without clusterIP keeps it": async (place) => {
    const name = place.name();
    const before = await made(place.in("services").create(service(name)));
    const { resourceVersion } = objectAt(before, "metadata");
    const after = await place.in("services").replace(name, { ...service(name), metadata: { name, resourceVersion } });
    answers(after, 200, { spec: { clusterIP: objectAt(before, "spec").clusterIP } });
    fits(objectsAt(after.body, "spec", "ports").length, 1);
  },
};
