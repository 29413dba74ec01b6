// Objects that tests make by default: a workload with its config, a Canary, a Gateway.
import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import { name, namespace } from "./rollout-lab.ts";
import { targetOf } from "./targets.ts";

/** Annotation of a pod template whose pods never become ready. */
export const neverReady = "sim.burgee.dev/never-ready";

/** Where an object is. */
export interface Place {
  name: string;
  namespace: string;
}

/** A ConfigMap with one entry. */
export function configMap(metadata: Place, color: string): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { color } };
}

/** The target: two replicas of version 1, one ConfigMap; and the Gateway in front of it. */
export function podinfo(): object[] {
  return [
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "gateway", namespace },
      spec: { gatewayClassName: "sim", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    },
    configMap({ name: "podinfo-config", namespace }, "blue"),
    targetOf("Deployment", { name, namespace, version: "v1", replicas: 2, configs: ["podinfo-config"] }),
  ];
}

/** A weighted canary by Gateway API unless the spec says otherwise. */
export function podinfoCanary(analysis: CanaryAnalysis = {}, spec: Partial<CanarySpec> = {}): object {
  return canaryIn(
    { name, namespace },
    {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      service,
      ...spec,
      analysis: { interval: "100ms", threshold: 2, maxWeight: 50, stepWeight: 25, metrics, ...analysis },
    },
  );
}

/** What stands in front of the target by default. */
export const service = { port: 80, targetPort: 9898, gatewayRefs: [{ name: "gateway" }] };
const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }];

/** A Canary. */
export function canaryIn(metadata: Place, spec: CanarySpec): object {
  return { apiVersion: "flagger.app/v1beta1", kind: "Canary", metadata, spec };
}
