import { objectsAt, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import { servedResources } from "./api-catalog.ts";
import type { Cluster, Part } from "./cluster.ts";
import { WorkQueue } from "./work-queue.ts";

const recheckMs = 100;

/** Empties namespaces that are being deleted, and gives every other one its default service account. */
export function startNamespaces(cluster: Cluster): Part {
  const namespaces = cluster.informer(paths.namespaces);
  const queue = new WorkQueue("namespace", (key) => reconcile(key), cluster.log);
  namespaces.on(({ type, object }) => {
    if (type !== "deleted") queue.add(object.metadata.name);
  });

  async function reconcile(name: string): Promise<number | undefined> {
    await namespaces.synced;
    const namespace = namespaces.get(name);
    if (!namespace) return undefined;
    if (stringAt(namespace, "status", "phase") === "Terminating") return empty(namespace);
    await ensureServiceAccount(name);
    return undefined;
  }

  async function ensureServiceAccount(namespace: string): Promise<void> {
    try {
      const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
      await cluster.client.create(paths.serviceAccounts, account, namespace);
    } catch (error) {
      if (!(error instanceof ClientError) || ![403, 409].includes(error.status)) throw error;
    }
  }

  async function empty(namespace: KubeObject): Promise<number | undefined> {
    const { name } = namespace.metadata;
    const kinds = (await servedResources(cluster.client)).filter(
      ({ namespaced, verbs }) => namespaced && verbs.includes("deletecollection"),
    );
    const left = await Promise.all(
      kinds.map(async ({ api, plural }) => {
        const path = `${api}/namespaces/${name}/${plural}`;
        const found = objectsAt(await cluster.client.call("GET", path), "items").length;
        if (found > 0) await cluster.client.call("DELETE", path, { body: { propagationPolicy: "Background" } });
        return found;
      }),
    );
    if (left.some((count) => count > 0)) return recheckMs;
    const body = { ...namespace, spec: { finalizers: [] } };
    await cluster.client.call("PUT", `/api/v1/namespaces/${name}/finalize`, { body });
    return undefined;
  }

  return queue;
}
