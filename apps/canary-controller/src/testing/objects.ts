// Small objects for tables.
import type { Canary, CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import type { Deployment, PodSpec } from "@burgee/kube";

/** A Canary of the Deployment `app` in namespace `test`. */
export function canaryOf(spec: Partial<CanarySpec> = {}, analysis: CanaryAnalysis = {}): Canary {
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name: "app", namespace: "test", uid: "uid-1", resourceVersion: "1" },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" },
      service: { port: 80, gatewayRefs: [{ name: "gateway" }] },
      ...spec,
      analysis: { ...spec.analysis, ...analysis },
    },
  };
}

/** The Deployment `app` with one container. */
export function deploymentOf(podSpec: Partial<PodSpec> = {}, o: Partial<Deployment> = {}): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "app", namespace: "test" },
    ...o,
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "app" } },
      template: {
        metadata: { labels: { app: "app" } },
        spec: { containers: [{ name: "web", image: "web:v1" }], ...podSpec },
      },
      ...o.spec,
    },
  };
}
