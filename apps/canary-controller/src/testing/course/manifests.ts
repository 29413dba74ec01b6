// A workload and a Canary with which every kind of write, message and hook occurs, as fast as it goes.
import type { CanaryWebhook } from "@burgee/contracts/crd";
import { resource, resources } from "@burgee/kube";
import type { PodWorkload } from "../../workloads/pods/pod-kind.ts";

export const name = "podinfo";
/** Hooks are answered by the course itself. */
const hookOrigin = "http://hooks.course";

/** Kinds of targets that a course can be about. */
export type CourseTarget = keyof typeof targets;

/** Where they are. */
export const targets = {
  Deployment: resources.deployments,
  DaemonSet: resource<PodWorkload>("apps", "v1", "daemonsets", "DaemonSet"),
  StatefulSet: resource<PodWorkload>("apps", "v1", "statefulsets", "StatefulSet"),
};

/** Everything of one course but the Canary. */
export function workload(namespace: string, kind: CourseTarget = "Deployment"): object[] {
  const config = (of: string, color: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: of, namespace },
    data: { color },
  });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    config("podinfo-config", "blue"),
    config("podinfo-more", "green"),
    {
      apiVersion: "apps/v1",
      kind,
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        ...(kind === "DaemonSet" ? {} : { replicas: 1 }),
        ...(kind === "StatefulSet" ? { serviceName: name } : {}),
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/ready-after": "1ms" } },
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
    {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind, name },
        minReplicas: 1,
        maxReplicas: 3,
      },
    },
  ];
}

/** The change that is rolled out: a new image and one more tracked config. */
export const release = {
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: "app",
            image: "example.com/podinfo:v2",
            envFrom: [{ configMapRef: { name: "podinfo-config" } }, { configMapRef: { name: "podinfo-more" } }],
          },
        ],
      },
    },
  },
};

/** Two steps of weight by Gateway API, a hook of every type, an alert. */
export function canary(namespace: string, kind: CourseTarget = "Deployment"): object {
  const hook = (type: NonNullable<CanaryWebhook["type"]>): CanaryWebhook => ({
    name: type,
    type,
    url: `${hookOrigin}/${type}`,
    timeout: "5s",
  });
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name, namespace },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind, name },
      ...(kind === "DaemonSet"
        ? {}
        : { autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name } }),
      service: { port: 80, targetPort: 9898, gatewayRefs: [{ name: "gateway" }] },
      revertOnDeletion: true,
      analysis: {
        interval: "10ms",
        threshold: 1,
        maxWeight: 50,
        stepWeight: 25,
        metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }],
        alerts: [{ name: "team", severity: "info", providerRef: { name: "slack" } }],
        webhooks: [
          hook("confirm-rollout"),
          hook("pre-rollout"),
          hook("rollout"),
          hook("confirm-traffic-increase"),
          hook("confirm-promotion"),
          hook("rollback"),
          hook("on-rollback"),
          hook("post-rollout"),
          { ...hook("event"), events: ["promotion", "rollback"] },
        ],
      },
    },
  };
}
