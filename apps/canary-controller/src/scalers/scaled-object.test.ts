import { describe, expect, test } from "vitest";
import { canaryOf } from "../testing/objects.ts";
import { type ScaledObject, scaledObject } from "./scaled-object.ts";

const prometheus = (query: string, name?: string) => ({
  type: "prometheus",
  ...(name === undefined ? {} : { name }),
  metadata: { serverAddress: "http://prometheus:9090", query },
});
const source = (o: Partial<ScaledObject["spec"]> = {}, annotations: Record<string, string> = {}): ScaledObject => ({
  metadata: {
    name: "app-so",
    namespace: "test",
    labels: { team: "web", "kustomize.toolkit.fluxcd.io/name": "x" },
    annotations: { note: "kept", "helm.toolkit.fluxcd.io/y": "z", ...annotations },
  },
  spec: {
    scaleTargetRef: { name: "app", envSourceContainerName: "web" },
    pollingInterval: 5,
    cooldownPeriod: 10,
    minReplicaCount: 2,
    maxReplicaCount: 4,
    fallback: { failureThreshold: 3, replicas: 2 },
    triggers: [prometheus('sum(rate(http{service="app-canary",pod=~"app-.*",from="app-primary"}[1m]))')],
    ...o,
  },
});
const autoscalerRef = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", name: "app-so" } as const;
const canary = (o: object = {}) => canaryOf({ autoscalerRef: { ...autoscalerRef, ...o } });

describe("the primary's ScaledObject", () => {
  test("scales the primary by the source's rules, whose queries ask about the primary", () => {
    const primary = scaledObject.newPrimary(source(), canary());
    expect(primary.metadata).toMatchObject({ name: "app-so-primary", labels: { team: "web" } });
    expect(primary.metadata.annotations).toEqual({ note: "kept" });
    expect(primary.spec).toEqual({
      ...source().spec,
      scaleTargetRef: { name: "app-primary", envSourceContainerName: "web" },
      triggers: [prometheus('sum(rate(http{service="app-primary",pod=~"app-primary-.*",from="app-primary"}[1m]))')],
    });
  });

  test("is not paused although the target's is at that moment", () => {
    const paused = source({}, { "autoscaling.keda.sh/paused-replicas": "0" });
    expect(scaledObject.isPaused(paused)).toBe(true);
    expect(scaledObject.newPrimary(paused, canary()).metadata.annotations).toEqual({ note: "kept" });
  });

  test("takes primaryScalerQueries for the triggers that they name, and leaves the others", () => {
    const triggers = [prometheus("app"), prometheus("app", "rate"), prometheus("app", "errors")];
    const asked = canary({ primaryScalerQueries: { rate: "mine" } });
    const { spec } = scaledObject.newPrimary(source({ triggers }), asked);
    expect(spec.triggers?.map(({ metadata }) => metadata?.query)).toEqual(["app", "mine", "app"]);
  });

  test("takes primaryScalerReplicas, and a HorizontalPodAutoscaler of its own name", () => {
    const sized = canary({ primaryScalerReplicas: { minReplicas: 5, maxReplicas: 9 } });
    const named = source({ advanced: { horizontalPodAutoscalerConfig: { name: "keda-app", behavior: {} } } });
    expect(scaledObject.newPrimary(named, sized).spec).toMatchObject({
      minReplicaCount: 5,
      maxReplicaCount: 9,
      advanced: { horizontalPodAutoscalerConfig: { name: "keda-app-primary" } },
    });
  });

  test("is changed only when its spec differs", () => {
    const primary = scaledObject.newPrimary(source(), canary());
    expect(scaledObject.aligned(primary, source({}, { other: "annotation" }), canary())).toBeUndefined();
    expect(scaledObject.aligned(primary, source({ maxReplicaCount: 8 }), canary())?.spec.maxReplicaCount).toBe(8);
  });
});
