// Targets of every kind as their users write them.
import { apiVersionOf, type KubeObject, type Resource, resource, resources } from "@burgee/kube";
import { knativeServices } from "../workloads/knative/objects.ts";
import type { PodWorkload } from "../workloads/pods/pod-kind.ts";
import { type ReplicasPath, withReplicas } from "../workloads/pods/replicas.ts";

interface PodTarget {
  resource: Resource<PodWorkload>;
  /** What its spec has beside replicas, selector and pod template. */
  settings: object;
  /** Where its spec says how many pods there are to be; undefined for a kind that does not. */
  replicasPath: ReplicasPath | undefined;
}

function podTarget(
  at: [group: string, version: string, plural: string, kind: string],
  settings: object = {},
  o: { replicasPath: ReplicasPath | undefined } = { replicasPath: ["replicas"] },
): PodTarget {
  return { resource: resource<PodWorkload>(...at), settings, ...o };
}

/** Kinds with pods. */
export const podTargets = {
  Deployment: podTarget(["apps", "v1", "deployments", "Deployment"]),
  DaemonSet: podTarget(["apps", "v1", "daemonsets", "DaemonSet"], {}, { replicasPath: undefined }),
  StatefulSet: podTarget(["apps", "v1", "statefulsets", "StatefulSet"], { serviceName: "pods" }),
  CloneSet: podTarget(["apps.kruise.io", "v1alpha1", "clonesets", "CloneSet"], {
    updateStrategy: { type: "InPlaceIfPossible" },
  }),
  Rollout: podTarget(["argoproj.io", "v1alpha1", "rollouts", "Rollout"], {
    strategy: { canary: { maxSurge: "50%", maxUnavailable: 0 } },
    revisionHistoryLimit: 2,
  }),
  Fleet: podTarget(
    ["example.com", "v1", "fleets", "Fleet"],
    { size: { burst: 3 } },
    { replicasPath: ["size", "pods"] },
  ),
};

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
  Fleet: podTargets.Fleet.resource,
  Service: resources.services,
  "Knative Service": knativeServices,
};

/** What a target is like. Without replicas it says nothing about them; pods become ready after `readyAfter`; configs are ConfigMaps that they get as environment. */
export interface TargetOptions {
  name: string;
  namespace: string;
  version: string;
  replicas?: number | undefined;
  configs?: readonly string[];
  readyAfter?: string;
  /** What else its pods are to have. */
  podSpec?: object;
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
  const { settings, replicasPath } = podTargets[kind];
  const spec = { ...settings, selector: { matchLabels: { app: o.name } }, template };
  return replicasPath === undefined || o.replicas === undefined ? spec : withReplicas(spec, replicasPath, o.replicas);
}

function podTemplate({ name, version, configs = [], readyAfter = "10ms", podSpec }: TargetOptions): object {
  const envFrom = configs.map((config) => ({ configMapRef: { name: config } }));
  const ports = [{ name: "http", containerPort: 9898 }];
  return {
    metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/ready-after": readyAfter } },
    spec: { ...podSpec, containers: [{ name: "app", image: imageOf(name, version), ports, envFrom }] },
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
