import type { JsonObject } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { refuses } from "../expect.ts";
import {
  apps,
  autoscaler,
  event,
  hpas,
  lease,
  leases,
  ofService,
  slice,
  slices,
  template,
  workload,
} from "../kind-objects.ts";
import { map, pod } from "../objects.ts";

/** A refused create: where, what, with which code, and the fields named (422) or the message (400). */
interface Refused {
  kind: string;
  body: (name: string) => JsonObject;
  code: 400 | 422;
  fields?: readonly string[];
  message?: RegExp;
}

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
