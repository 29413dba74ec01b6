import { createHash } from "node:crypto";
import { equal, type JsonObject, objectAt, objectsAt, stringAt, stringMapAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerReference, type Part } from "./cluster.ts";
import { isReady } from "./pod-state.ts";
import { resolvePort } from "./port-map.ts";
import { WorkQueue } from "./work-queue.ts";

const serviceName = "kubernetes.io/service-name";
const managedBy = "endpointslice.kubernetes.io/managed-by";
const ours = "endpointslice-controller.k8s.io";

/** Publishes the pods behind each Service. Pods whose ports differ get slices of their own, as in a real cluster. */
export function startEndpointSlices(cluster: Cluster): Part {
  const services = cluster.informer(paths.services);
  const pods = cluster.informer(paths.pods);
  const slices = cluster.informer(paths.endpointSlices);
  const queue = new WorkQueue("endpointslice", (key) => reconcile(key), cluster.log);
  services.on(({ object }) => queue.add(keyOf(object)));
  pods.on(({ object, old }) => {
    for (const service of services.list()) {
      const inside = service.metadata.namespace === object.metadata.namespace;
      if (inside && [object, old].some((pod) => pod && isSelected(service, pod))) queue.add(keyOf(service));
    }
  });

  async function reconcile(key: string): Promise<undefined> {
    await Promise.all([services.synced, pods.synced, slices.synced]);
    const service = services.get(key);
    const [namespace = "", name = ""] = key.split("/");
    const present = slices.list().filter((slice) => belongsTo(slice, namespace, name));
    const wanted = service && !service.metadata.deletionTimestamp ? wantedSlices(service, pods.list()) : [];
    const kept = new Set<string>();
    for (const slice of wanted) {
      const old = present.find(({ metadata }) => metadata.name === slice.name);
      kept.add(slice.name);
      if (!old) await cluster.create(paths.endpointSlices, slice.object, namespace);
      else if (!equal(old.endpoints, slice.object.endpoints) || !equal(old.ports, slice.object.ports)) {
        const patch = { endpoints: slice.object.endpoints, ports: slice.object.ports };
        await cluster.merge(paths.endpointSlices, old, patch);
      }
    }
    for (const slice of present) if (!kept.has(slice.metadata.name)) await cluster.delete(paths.endpointSlices, slice);
    return undefined;
  }

  return queue;
}

function belongsTo(slice: KubeObject, namespace: string, service: string): boolean {
  const labels = slice.metadata.labels ?? {};
  return slice.metadata.namespace === namespace && labels[serviceName] === service && labels[managedBy] === ours;
}

function isSelected(service: KubeObject, pod: KubeObject): boolean {
  const selector = Object.entries(stringMapAt(service, "spec", "selector"));
  return selector.length > 0 && selector.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

interface WantedSlice {
  name: string;
  object: JsonObject;
}

function wantedSlices(service: KubeObject, pods: readonly KubeObject[]): WantedSlice[] {
  const groups = new Map<string, { ports: JsonObject[]; endpoints: JsonObject[] }>();
  const mine = pods
    .filter((pod) => pod.metadata.namespace === service.metadata.namespace && isSelected(service, pod))
    .filter((pod) => stringAt(pod, "status", "podIP") && !hasEnded(pod))
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  for (const pod of mine) {
    const ports = portsOf(service, pod);
    const id = JSON.stringify(ports);
    const group = groups.get(id) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod));
    groups.set(id, group);
  }
  return [...groups].map(([id, { ports, endpoints }]) => {
    const { name } = service.metadata;
    const hash = createHash("sha1").update(id).digest("hex").slice(0, 8);
    const sliceName = `${name}-${hash}`;
    return {
      name: sliceName,
      object: {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: {
          name: sliceName,
          labels: { ...service.metadata.labels, [serviceName]: name, [managedBy]: ours },
          ownerReferences: [controllerReference(service)],
        },
        addressType: "IPv4",
        endpoints,
        ports,
      },
    };
  });
}

function hasEnded(pod: KubeObject): boolean {
  const phase = stringAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

function portsOf(service: KubeObject, pod: KubeObject): JsonObject[] {
  return objectsAt(service, "spec", "ports").flatMap((port) => {
    const real = resolvePort(pod, port.targetPort ?? port.port);
    if (real === undefined) return [];
    return [{ name: stringAt(port, "name") ?? "", port: real, protocol: stringAt(port, "protocol") ?? "TCP" }];
  });
}

function endpointOf(service: KubeObject, pod: KubeObject): JsonObject {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const anyway = objectAt(service, "spec").publishNotReadyAddresses === true;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [stringAt(pod, "status", "podIP")],
    conditions: { ready: anyway || (serving && !terminating), serving, terminating },
    nodeName: stringAt(pod, "spec", "nodeName"),
    targetRef: { kind: "Pod", name, namespace, uid },
  };
}

/** Of use to those that follow slices: the Service a slice belongs to, as `namespace/name`. */
export function serviceKeyOf(slice: KubeObject): string | undefined {
  const name = slice.metadata.labels?.[serviceName];
  return name === undefined ? undefined : `${slice.metadata.namespace}/${name}`;
}
