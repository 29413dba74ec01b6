import { type JsonObject, objectAt, objectsAt, stringAt, stringMapAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import type { Cluster } from "../controllers/cluster.ts";
import type { NodeTraits } from "./options.ts";

/** Makes a Node, or takes over the one of that name, that says where its kubelet is. */
export async function registerNode(cluster: Cluster, { name, labels }: NodeTraits, port: number): Promise<void> {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", ...labels } },
    spec: {},
  };
  const status = {
    capacity: { cpu: "8", memory: "16Gi", pods: "1000" },
    allocatable: { cpu: "8", memory: "16Gi", pods: "1000" },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "kube-sim kubelet is ready",
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
    addresses: [
      { type: "InternalIP", address: "127.0.0.1" },
      // API servers ask for logs by this name first: it has to be found.
      { type: "Hostname", address: "localhost" },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    nodeInfo: { kubeletVersion: "v1.35.0-kube-sim", operatingSystem: process.platform, architecture: process.arch },
  };
  try {
    await cluster.create(paths.nodes, node);
  } catch (error) {
    if (!(error instanceof ClientError) || error.status !== 409) throw error;
  }
  const present = await cluster.client.get(paths.nodes, name);
  const ready = await cluster.merge(paths.nodes, present, { status }, "status");
  // The API marks new nodes so until a controller sees that they are ready; nothing else does that here.
  const taints = objectsAt(ready, "spec", "taints");
  const left = taints.filter(({ key }) => key !== "node.kubernetes.io/not-ready");
  if (left.length < taints.length) await cluster.merge(paths.nodes, ready, { spec: { taints: left } });
}

/** The fitting node with the fewest pods; undefined when none fits. */
export function chooseNode(
  pod: KubeObject,
  nodes: readonly KubeObject[],
  pods: readonly KubeObject[],
): string | undefined {
  const fitting = nodes.filter((node) => fits(pod, node)).map((node) => node.metadata.name);
  const load = new Map(fitting.map((name) => [name, 0]));
  for (const other of fitting.length > 1 ? pods : []) {
    const name = stringAt(other, "spec", "nodeName") ?? "";
    const count = load.get(name);
    if (count !== undefined) load.set(name, count + 1);
  }
  return fitting.sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0];
}

function fits(pod: KubeObject, node: KubeObject): boolean {
  if (objectAt(node, "spec").unschedulable === true) return false;
  const wanted = Object.entries(stringMapAt(pod, "spec", "nodeSelector"));
  if (!wanted.every(([key, value]) => node.metadata.labels?.[key] === value)) return false;
  const repelling = objectsAt(node, "spec", "taints").filter(({ effect }) => effect !== "PreferNoSchedule");
  return repelling.every((taint) => objectsAt(pod, "spec", "tolerations").some((entry) => tolerates(entry, taint)));
}

function tolerates(toleration: JsonObject, taint: JsonObject): boolean {
  const anyEffect = toleration.effect === undefined || toleration.effect === "";
  if (!anyEffect && toleration.effect !== taint.effect) return false;
  if (toleration.operator === "Exists") return toleration.key === undefined || toleration.key === taint.key;
  return toleration.key === taint.key && (toleration.value ?? "") === (taint.value ?? "");
}
