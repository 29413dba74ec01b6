// The workload and the canaries of the laboratory's tests.
import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import { name, namespace } from "./rollout-lab.ts";

/** Annotation of a pod template whose pods never become ready. */
export const neverReady = "sim.burgee.dev/never-ready";

/** The target: two replicas of version 1, one ConfigMap; and the Gateway in front of it. */
export function podinfo(): object[] {
  return [
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "gateway", namespace },
      spec: { gatewayClassName: "sim", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "podinfo-config", namespace }, data: { color: "blue" } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/ready-after": "10ms" } },
          spec: {
            containers: [
              {
                name: "app",
                image: "example.com/podinfo:v1",
                ports: [{ name: "http", containerPort: 9898 }],
                envFrom: [{ configMapRef: { name: "podinfo-config" } }],
              },
            ],
          },
        },
      },
    },
  ];
}

/** A weighted canary by Gateway API unless the spec says otherwise. */
export function podinfoCanary(analysis: CanaryAnalysis = {}, spec: Partial<CanarySpec> = {}): object {
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name, namespace },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      service: { port: 80, targetPort: 9898, gatewayRefs: [{ name: "gateway" }] },
      ...spec,
      analysis: {
        interval: "100ms",
        threshold: 2,
        maxWeight: 50,
        stepWeight: 25,
        metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }],
        ...analysis,
      },
    },
  };
}
