import type { HorizontalPodAutoscaler } from "@burgee/kube";
import { expect, test } from "vitest";
import { canaryOf } from "../testing/objects.ts";
import { hpa } from "./hpa.ts";

const source: HorizontalPodAutoscaler = {
  metadata: {
    name: "web-hpa",
    namespace: "test",
    labels: { team: "web", "kustomize.toolkit.fluxcd.io/name": "x" },
    annotations: { a: "b" },
  },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" },
    minReplicas: 2,
    maxReplicas: 4,
    metrics: [{ type: "Resource" }],
  },
};
const autoscalerRef = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "web-hpa" } as const;
const canary = canaryOf({ autoscalerRef });

test("the primary's autoscaler scales the primary by the source's rules", () => {
  const primary = hpa.newPrimary(source, canary);
  expect(primary.metadata).toMatchObject({ name: "web-hpa-primary", labels: { team: "web" } });
  expect(primary.metadata.annotations).toBeUndefined();
  expect(primary.spec).toEqual({
    ...source.spec,
    scaleTargetRef: { ...source.spec.scaleTargetRef, name: "app-primary" },
  });
});

test("primaryScalerReplicas wins over the source", () => {
  const sized = canaryOf({
    autoscalerRef: { ...autoscalerRef, primaryScalerReplicas: { minReplicas: 5, maxReplicas: 9 } },
  });
  expect(hpa.newPrimary(source, sized).spec).toMatchObject({ minReplicas: 5, maxReplicas: 9 });
});

test("an existing one is changed only when it differs", () => {
  const primary = hpa.newPrimary(source, canary);
  expect(hpa.aligned(primary, source, canary)).toBeUndefined();
  const wider = { ...source, spec: { ...source.spec, maxReplicas: 8 } };
  expect(hpa.aligned(primary, wider, canary)?.spec.maxReplicas).toBe(8);
});
