import { type JsonObject, objectAt } from "../src/api/json.ts";
import { deployment, service } from "./objects.ts";

/** A Deployment whose spec is changed. */
export const workload = (change: (spec: JsonObject) => JsonObject) => (name: string) => {
  const body = deployment(name);
  return { ...body, spec: { ...objectAt(body, "spec"), ...change(objectAt(body, "spec")) } };
};

/** A pod template. */
export const template = (spec: JsonObject) => ({ template: { metadata: { labels: { app: "x" } }, spec } });
/** A HorizontalPodAutoscaler with these fields in its spec. */
export const autoscaler = (spec: JsonObject) => (name: string) => ({
  metadata: { name },
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, ...spec },
});
/** A Lease with this spec. */
export const lease = (spec: JsonObject) => (name: string) => ({ metadata: { name }, spec });
/** An Event with these fields. */
export const event = (fields: JsonObject) => (name: string) => ({
  metadata: { name },
  involvedObject: { kind: "Pod", name: "x" },
  type: "Normal",
  reason: "R",
  message: "m",
  ...fields,
});
/** A Service with this spec. */
export const ofService = (spec: JsonObject) => (name: string) => ({ ...service(name), spec });
/** An EndpointSlice with these endpoints. */
export const slice = (endpoints: JsonObject[]) => (name: string) => ({
  ...{ metadata: { name }, addressType: "IPv4", endpoints, ports: [{ name: "", port: 80, protocol: "TCP" }] },
});

/** Where these kinds are. */
export const apps = "apps/v1/deployments";
export const leases = "coordination.k8s.io/v1/leases";
export const hpas = "autoscaling/v2/horizontalpodautoscalers";
export const slices = "discovery.k8s.io/v1/endpointslices";
