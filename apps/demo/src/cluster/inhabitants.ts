import { isKubeError, type KubeClient, type KubeObject, resource, resources } from "@burgee/kube";

const nodes = resource<KubeObject>("", "v1", "nodes", "Node", { namespaced: false });

/** Who else runs things in a cluster. */
export interface Inhabitants {
  /** Nodes that are not a demo's. */
  readonly nodes: readonly string[];
  /** Whether something turns Deployments into pods already. */
  readonly controllers: boolean;
}

/** Names of the simulated kubelet's nodes begin so. */
export const nodePrefix = "burgee-demo-";

/** Looks for nodes and for a controller manager that is at work. */
export async function findInhabitants(kube: KubeClient, now: number): Promise<Inhabitants> {
  const [found, lease] = await Promise.all([
    unlessForbidden(kube.list(nodes)),
    unlessForbidden(kube.tryGet(resources.leases, { namespace: "kube-system", name: "kube-controller-manager" })),
  ]);
  // Who may not look takes it that somebody is there.
  const names = found === "forbidden" ? ["(unknown)"] : found.items.map(({ metadata }) => metadata.name ?? "");
  return {
    nodes: names.filter((name) => !name.startsWith(nodePrefix)),
    controllers: lease === "forbidden" || isFresh(lease?.spec, now),
  };
}

/** Whether a Lease is being renewed. */
export function isFresh(
  spec: { renewTime?: string; leaseDurationSeconds?: number; holderIdentity?: string } | undefined,
  now: number,
): boolean {
  if (!spec?.renewTime || !spec.holderIdentity) return false;
  return Date.parse(spec.renewTime) + (spec.leaseDurationSeconds ?? 15) * 1000 > now;
}

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | "forbidden"> {
  try {
    return await answer;
  } catch (error) {
    if (isKubeError(error, "forbidden")) return "forbidden";
    throw error;
  }
}
