// What a course is about: a strategy, a target, what directs its traffic and what scales it; and the objects that this takes.
import type { CanaryAnalysis, CanarySpec, CanaryWebhook } from "@burgee/contracts/crd";
import { apiVersionOf, type Resource, resources } from "@burgee/kube";
import { strategies as written } from "@burgee/rollout-engine/testing";
import { scaledObject } from "../../scalers/scaled-object.ts";
import { canaryIn, configMap, service } from "../manifests.ts";
import { type TargetName, targetOf, targetResources } from "../targets.ts";

export const name = "podinfo";
/** Hooks are answered by the course itself. */
const hookOrigin = "http://hooks.course";
const flags = [{ name: "checkout", variant: "on" }];
const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const twoSteps = { stepWeight: 25, maxWeight: 50, metrics };

/** The strategies of the transcripts, and what goes along with any of them. */
export const strategies: Readonly<Record<string, { analysis: CanaryAnalysis; spec?: Partial<CanarySpec> }>> = {
  ...written,
  weighted: { analysis: twoSteps },
  gates: { analysis: twoSteps },
  flags: { analysis: { ...twoSteps, flags } },
  "canary-pod": {
    analysis: {
      ...twoSteps,
      canaryPod: { priorityClassName: "spare", tolerations: [{ key: "spot", operator: "Exists" }] },
    },
  },
  "dry-run": { analysis: twoSteps, spec: { dryRun: true } },
};

/** The kinds of autoscalers. */
export type AutoscalerName = "HorizontalPodAutoscaler" | "ScaledObject";
export const autoscalers: Readonly<Record<AutoscalerName, Resource>> = {
  HorizontalPodAutoscaler: resources.horizontalPodAutoscalers,
  ScaledObject: scaledObject.resource,
};

/** One row of the table. */
export interface Scene {
  /** Name of a strategy; gates of the one called gates are closed until a person opens them. Default: weighted. */
  strategy?: string;
  /** Default: Deployment. */
  target?: TargetName;
  /** Default: `gatewayapi:v1`, or what the strategy or target takes. */
  provider?: string;
  /** Default: a HorizontalPodAutoscaler for whatever has replicas. */
  autoscaler?: AutoscalerName;
}

export function providerOf({ provider, target, strategy = "weighted" }: Scene): string {
  const own = target === "Knative Service" ? "knative" : strategies[strategy]?.spec?.provider;
  return own ?? provider ?? "gatewayapi:v1";
}

export function autoscalerOf({ autoscaler, target = "Deployment" }: Scene): AutoscalerName | undefined {
  const unscaled: readonly TargetName[] = ["DaemonSet", "Service", "Knative Service"];
  return unscaled.includes(target) ? undefined : (autoscaler ?? "HorizontalPodAutoscaler");
}

/** Everything of a scene but the Canary. */
export function objectsOf(namespace: string, scene: Scene): object[] {
  const { target = "Deployment" } = scene;
  const configs = ["podinfo-config"];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    configMap({ name: "podinfo-config", namespace }, "blue"),
    configMap({ name: "podinfo-more", namespace }, "green"),
    {
      apiVersion: "core.openfeature.dev/v1beta1",
      kind: "FeatureFlag",
      metadata: { name: "shop-flags", namespace },
      spec: {
        flagSpec: {
          flags: { checkout: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" } },
        },
      },
    },
    targetOf(target, { name, namespace, version: "v1", replicas: 1, configs, readyAfter: "1ms" }),
    ...autoscalerObjects(namespace, scene),
  ];
}

function autoscalerObjects(namespace: string, scene: Scene): object[] {
  const kind = autoscalerOf(scene);
  if (kind === undefined) return [];
  const { target = "Deployment" } = scene;
  const scaleTargetRef = {
    apiVersion: apiVersionOf(targetResources[target]),
    kind: targetResources[target].kind,
    name,
  };
  const sizes = {
    HorizontalPodAutoscaler: { minReplicas: 1, maxReplicas: 3 },
    ScaledObject: { minReplicaCount: 1, maxReplicaCount: 3, triggers: [{ type: "cpu" }] },
  };
  return [
    {
      apiVersion: apiVersionOf(autoscalers[kind]),
      kind,
      metadata: { name, namespace },
      spec: { scaleTargetRef, ...sizes[kind] },
    },
  ];
}

/** Where an autoscaler says how many replicas there are at most: people change it while a release is under way. */
export const mostReplicas: Readonly<Record<AutoscalerName, string>> = {
  HorizontalPodAutoscaler: "maxReplicas",
  ScaledObject: "maxReplicaCount",
};

/** The Canary: a hook of every type, an alert, and the shortest interval. */
export function canaryOf(namespace: string, scene: Scene): object {
  const { target = "Deployment", strategy = "weighted" } = scene;
  const chosen = strategies[strategy];
  if (chosen === undefined) throw new Error(`there is no strategy ${strategy}`);
  const provider = providerOf(scene);
  const scaler = autoscalerOf(scene);
  const { kind } = targetResources[target];
  return canaryIn(
    { name, namespace },
    {
      ...chosen.spec,
      provider,
      targetRef: { apiVersion: apiVersionOf(targetResources[target]), kind, name },
      ...(scaler === undefined
        ? {}
        : { autoscalerRef: { apiVersion: apiVersionOf(autoscalers[scaler]), kind: scaler, name } }),
      ...(provider === "flag" ? {} : { service }),
      revertOnDeletion: true,
      analysis: {
        ...chosen.analysis,
        ...(provider === "flag" ? { flags } : {}),
        interval: "10ms",
        threshold: 1,
        alerts: [{ name: "team", severity: "info", providerRef: { name: "slack" } }],
        webhooks,
      },
    },
  );
}

const hook = (type: NonNullable<CanaryWebhook["type"]>): CanaryWebhook => ({
  name: type,
  type,
  url: `${hookOrigin}/${type}`,
  timeout: "5s",
});
const webhooks: CanaryWebhook[] = [
  hook("confirm-rollout"),
  hook("pre-rollout"),
  hook("rollout"),
  hook("confirm-traffic-increase"),
  hook("confirm-promotion"),
  hook("rollback"),
  hook("on-rollback"),
  hook("post-rollout"),
  { ...hook("event"), events: ["promotion", "rollback"] },
];
