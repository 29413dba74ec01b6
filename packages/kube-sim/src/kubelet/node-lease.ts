import type { KubeObject } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import type { Cluster } from "../controllers/cluster.ts";

const namespace = "kube-node-lease";
const renewMs = 10_000;
const leaseDurationSeconds = 40;

/** Says every ten seconds that a node is there, in its Lease: controllers of a cluster give up nodes that do not. */
export function keepNodeLease(cluster: Cluster, name: string): () => void {
  const renew = async (): Promise<void> => {
    const spec = { holderIdentity: name, leaseDurationSeconds, renewTime: now() };
    try {
      const lease = await present(name, spec);
      await cluster.client.merge(paths.leases, lease, { spec });
    } catch (error) {
      cluster.log.debug({ err: error, node: name }, "node lease not renewed, trying again");
    }
  };

  async function present(node: string, spec: object): Promise<KubeObject> {
    try {
      return await cluster.client.get(paths.leases, node, namespace);
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 404) throw error;
      const made = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: node, namespace }, spec };
      return cluster.client.create(paths.leases, made, namespace);
    }
  }

  void renew();
  const timer = setInterval(() => void renew(), renewMs);
  timer.unref();
  return () => clearInterval(timer);
}

function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}
