// Targets of every kind as their users write them.
import { apiVersionOf, type KubeObject, type Resource, resource, resources } from "@burgee/kube";
import { knativeServices } from "../workloads/knative/objects.ts";
import type { PodWorkload } from "../workloads/pods/pod-kind.ts";

/** Kinds with pods: where their objects are, and what their spec has beside replicas, selector and pod template. */
export const podTargets = {
  Deployment: { resource: resource<PodWorkload>("apps", "v1", "deployments", "Deployment"), settings: {} },
  DaemonSet: { resource: resource<PodWorkload>("apps", "v1", "daemonsets", "DaemonSet"), settings: {} },
  StatefulSet: {
    resource: resource<PodWorkload>("apps", "v1", "statefulsets", "StatefulSet"),
    settings: { serviceName: "pods" },
  },
  CloneSet: {
    resource: resource<PodWorkload>("apps.kruise.io", "v1alpha1", "clonesets", "CloneSet"),
    settings: { updateStrategy: { type: "InPlaceIfPossible" } },
  },
  Rollout: {
    resource: resource<PodWorkload>("argoproj.io", "v1alpha1", "rollouts", "Rollout"),
    settings: { strategy: { canary: { maxSurge: "50%", maxUnavailable: 0 } }, revisionHistoryLimit: 2 },
  },
} as const;

export type PodTargetName = keyof typeof podTargets;

/** Every kind, by a name that no other has. */
export type TargetName = PodTargetName | "Service" | "Knative Service";

/** Where the objects of a kind are. */
export const targetResources: Readonly<Record<TargetName, Resource>> = {
  Deployment: podTargets.Deployment.resource,
  DaemonSet: podTargets.DaemonSet.resource,
  StatefulSet: podTargets.StatefulSet.resource,
  CloneSet: podTargets.CloneSet.resource,
  Rollout: podTargets.Rollout.resource,
  Service: resources.services,
  "Knative Service": knativeServices,
};

/** What a target is like. Pods become ready after `readyAfter`; configs are ConfigMaps that they get as environment. */
export interface TargetOptions {
  name: string;
  namespace: string;
  version: string;
  replicas?: number | undefined;
  configs?: readonly string[];
  readyAfter?: string;
}

/** The manifest of a version of a target. A Service has its version in its selector, everything else in its image. */
export function targetOf(kind: TargetName, o: TargetOptions): KubeObject & { spec: object } {
  const { name, namespace } = o;
  const meta = { name, namespace, labels: { app: name } };
  const at = targetResources[kind];
  return { apiVersion: apiVersionOf(at), kind: at.kind, metadata: meta, spec: specOf(kind, o) };
}

function specOf(kind: TargetName, o: TargetOptions): object {
  if (kind === "Service") return { selector: selectorOf(o), ports: [{ port: 80, targetPort: 9898 }] };
  const template = podTemplate(o);
  if (kind === "Knative Service") return { template };
  const replicas = kind === "DaemonSet" || o.replicas === undefined ? {} : { replicas: o.replicas };
  return { ...replicas, ...podTargets[kind].settings, selector: { matchLabels: { app: o.name } }, template };
}

function podTemplate({ name, version, configs = [], readyAfter = "10ms" }: TargetOptions): object {
  const envFrom = configs.map((config) => ({ configMapRef: { name: config } }));
  const ports = [{ name: "http", containerPort: 9898 }];
  return {
    metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/ready-after": readyAfter } },
    spec: { containers: [{ name: "app", image: imageOf(name, version), ports, envFrom }] },
  };
}

const imageOf = (name: string, version: string) => `example.com/${name}:${version}`;
const selectorOf = ({ name, version }: TargetOptions) => ({ app: name, version });

/** JSON patch from one version of a target to another, with the configs that come with it. */
export function releaseOf(kind: TargetName, o: Pick<TargetOptions, "name" | "version" | "configs">): object[] {
  const { name, version, configs } = o;
  if (kind === "Service") return [{ op: "replace", path: "/spec/selector/version", value: version }];
  const container = "/spec/template/spec/containers/0";
  const image = { op: "replace", path: `${container}/image`, value: imageOf(name, version) };
  if (configs === undefined) return [image];
  const envFrom = configs.map((config) => ({ configMapRef: { name: config } }));
  return [image, { op: "replace", path: `${container}/envFrom`, value: envFrom }];
}
