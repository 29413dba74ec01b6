import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import type { Cluster, Part } from "../controllers/cluster.ts";
import { WorkQueue } from "../controllers/work-queue.ts";
import { createLogServer } from "./log-server.ts";
import { keepNodeLease } from "./node-lease.ts";
import type { KubeletSettings } from "./options.ts";
import { PodWorker } from "./pod-worker.ts";
import { chooseNode, registerNode } from "./nodes.ts";
import { showsObject } from "./volumes.ts";

const stopGraceMs = 2_000;
/** Pods that name another scheduler wait for that. */
const ownScheduler = "default-scheduler";

/** Schedules every pod onto one of its nodes and runs it: as a process when it has a command, else as a pretence. */
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
  const volumesDir = settings.volumesDir ?? mkdtempSync(join(tmpdir(), "kube-sim-volumes-"));
  const own = new Set([settings.nodeName, ...settings.moreNodes.map(({ name }) => name)]);
  // Before the nodes are made, so that it learns of them: who keeps to some namespaces does not follow nodes.
  const nodes = cluster.informer(paths.nodes);
  await Promise.all(
    [{ name: settings.nodeName }, ...settings.moreNodes].map((node) => registerNode(cluster, node, port)),
  );
  const leases = [...own].map((name) => keepNodeLease(cluster, name));
  const pods = cluster.informer(paths.pods);
  const queue = new WorkQueue("kubelet", (key) => reconcile(key), cluster.log);
  const ends = [
    pods.on(({ object }) => queue.add(keyOf(object))),
    nodes.on(({ object }) => {
      // One that was full of taints, or not there, may be what a pod waits for.
      if (own.has(object.metadata.name)) for (const pod of pods.list()) if (!nodeOf(pod)) queue.add(keyOf(pod));
    }),
  ];
  for (const [path, kind] of [
    [paths.configMaps, "configMap"],
    [paths.secrets, "secret"],
  ] as const) {
    ends.push(
      cluster.informer(path).on(({ object }) => {
        for (const [key, worker] of workers) {
          const pod = pods.get(key);
          const here = pod?.metadata.namespace === object.metadata.namespace;
          if (pod && here && showsObject(pod, kind, object.metadata.name)) void worker.refreshVolumes();
        }
      }),
    );
  }

  async function reconcile(key: string): Promise<undefined> {
    const pod = pods.get(key);
    const worker = workers.get(key);
    if (worker && worker.uid !== pod?.metadata.uid) {
      workers.delete(key);
      // The pod is gone from the API, by force: its processes get no grace.
      await worker.abandon(0);
    }
    if (!pod) return undefined;
    const node = nodeOf(pod);
    if (node === undefined) return bind(pod);
    if (!own.has(node) || hasEnded(pod)) return undefined;
    const present = workers.get(key);
    present?.update(pod);
    if (pod.metadata.deletionTimestamp) void endPod(key, pod, present);
    else if (!present) await startPod(key, pod);
    return undefined;
  }

  async function bind(pod: KubeObject): Promise<undefined> {
    const scheduler = stringAt(pod, "spec", "schedulerName") ?? ownScheduler;
    if (pod.metadata.deletionTimestamp || scheduler !== ownScheduler) return undefined;
    await nodes.synced;
    const { namespace, name } = pod.metadata;
    const candidates = nodes.list().filter((node) => own.has(node.metadata.name));
    const node = chooseNode(pod, candidates, pods.list());
    if (node === undefined) {
      const message = `0/${candidates.length} nodes are available: none fits the pod's node selector and tolerations.`;
      cluster.event(pod, { type: "Warning", reason: "FailedScheduling", message, component: ownScheduler });
      return undefined;
    }
    const target = { apiVersion: "v1", kind: "Node", name: node };
    const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
    await cluster.client.call("POST", `/api/v1/namespaces/${namespace}/pods/${name}/binding`, { body });
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    cluster.event(pod, { type: "Normal", reason: "Scheduled", message, component: ownScheduler });
    return undefined;
  }

  async function startPod(key: string, pod: KubeObject): Promise<void> {
    addresses++;
    const simulatedAddress = `10.244.${(addresses >> 8) & 255}.${addresses & 255}`;
    const worker = new PodWorker(pod, { cluster, settings, simulatedAddress, volumesDir });
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
      for (const end of [...ends, ...leases]) end();
      await queue.stop();
      await Promise.all([...workers.values()].map((worker) => worker.abandon(stopGraceMs)));
      if (settings.volumesDir === undefined) rmSync(volumesDir, { recursive: true, force: true });
      logServer.closeAllConnections();
      await new Promise((resolve) => logServer.close(resolve));
    },
  };
}

function hasEnded(pod: KubeObject): boolean {
  const phase = stringAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed";
}

function nodeOf(pod: KubeObject): string | undefined {
  return stringAt(pod, "spec", "nodeName");
}
