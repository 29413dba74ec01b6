import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { stringAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import type { Cluster, Part } from "../controllers/cluster.ts";
import { WorkQueue } from "../controllers/work-queue.ts";
import { createLogServer } from "./log-server.ts";
import type { KubeletSettings } from "./options.ts";
import { PodWorker } from "./pod-worker.ts";

const stopGraceMs = 2_000;

/** Schedules every pod onto its one node and runs it: as a process when it has a command, else as a pretence. */
export async function startKubelet(cluster: Cluster, settings: KubeletSettings): Promise<Part> {
  const workers = new Map<string, PodWorker>();
  let addresses = 0;
  if (settings.logDir !== undefined) mkdirSync(settings.logDir, { recursive: true });
  const logServer = createLogServer(({ namespace, name, container }) =>
    workers.get(`${namespace}/${name}`)?.logsOf(container),
  );
  const port = await new Promise<number>((resolve, reject) => {
    logServer.once("error", reject);
    logServer.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = logServer.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  await registerNode(cluster, settings.nodeName, port);
  const pods = cluster.informer(paths.pods);
  const queue = new WorkQueue("kubelet", (key) => reconcile(key), cluster.log);
  const off = pods.on(({ object }) => queue.add(keyOf(object)));

  async function reconcile(key: string): Promise<undefined> {
    const pod = pods.get(key);
    const worker = workers.get(key);
    if (worker && worker.uid !== pod?.metadata.uid) {
      workers.delete(key);
      // The pod is gone from the API, by force: its processes get no grace.
      await worker.abandon(0);
    }
    if (!pod) return undefined;
    const node = stringAt(pod, "spec", "nodeName");
    if (node === undefined) return bind(pod);
    if (node !== settings.nodeName || hasEnded(pod)) return undefined;
    const present = workers.get(key);
    present?.update(pod);
    if (pod.metadata.deletionTimestamp) void endPod(key, pod, present);
    else if (!present) await startPod(key, pod);
    return undefined;
  }

  async function bind(pod: KubeObject): Promise<undefined> {
    if (pod.metadata.deletionTimestamp) return undefined;
    const { namespace, name } = pod.metadata;
    const target = { apiVersion: "v1", kind: "Node", name: settings.nodeName };
    const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
    await cluster.client.call("POST", `/api/v1/namespaces/${namespace}/pods/${name}/binding`, { body });
    const message = `Successfully assigned ${namespace}/${name} to ${settings.nodeName}`;
    cluster.event(pod, { type: "Normal", reason: "Scheduled", message, component: "default-scheduler" });
    return undefined;
  }

  async function startPod(key: string, pod: KubeObject): Promise<void> {
    addresses++;
    const simulatedAddress = `10.244.${(addresses >> 8) & 255}.${addresses & 255}`;
    const worker = new PodWorker(pod, { cluster, settings, simulatedAddress });
    workers.set(key, worker);
    try {
      await worker.start();
    } catch (error) {
      workers.delete(key);
      const message = error instanceof Error ? error.message : String(error);
      cluster.event(pod, { type: "Warning", reason: "FailedToStart", message, component: "kubelet" });
      throw error;
    }
  }

  /** Not awaited by the queue: while a pod drains, news about it must still be heard. */
  async function endPod(key: string, pod: KubeObject, worker: PodWorker | undefined): Promise<void> {
    try {
      if (worker) await worker.end();
      else await cluster.delete(paths.pods, pod, { gracePeriodSeconds: 0 });
      if (workers.get(key) === worker) workers.delete(key);
    } catch (error) {
      cluster.log.debug({ err: error, pod: key }, "pod not ended, trying again");
      queue.addAfter(key, 200);
    }
  }

  return {
    stop: async () => {
      off();
      await queue.stop();
      await Promise.all([...workers.values()].map((worker) => worker.abandon(stopGraceMs)));
      logServer.closeAllConnections();
      await new Promise((resolve) => logServer.close(resolve));
    },
  };
}

function hasEnded(pod: KubeObject): boolean {
  const phase = stringAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

async function registerNode(cluster: Cluster, name: string, port: number): Promise<void> {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
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
      { type: "Hostname", address: name },
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
  await cluster.merge(paths.nodes, present, { status }, "status");
}
