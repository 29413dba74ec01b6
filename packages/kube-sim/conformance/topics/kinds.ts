import { type JsonObject, objectAt, objectsAt } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { apps, autoscaler, event, hpas, lease, leases, slice, slices } from "../kind-objects.ts";
import { deployment, made, map, service } from "../objects.ts";
import type { Place } from "../place.ts";

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
