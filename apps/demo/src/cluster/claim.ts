import { isKubeError, type KubeClient, type Namespace, resources } from "@burgee/kube";
import { StoryError, until } from "../story/wait.ts";
import { ClusterError } from "./cluster-error.ts";
import { isFresh } from "./inhabitants.ts";

/** Says which demo made a namespace or node. */
export const demoLabel = "burgee.dev/demo";

/** Namespaces that are the demo's. */
export interface Claim {
  /** Deletes them one after the other and waits until they are gone. Rejects with ClusterError `namespace_stuck`. */
  release(signal: AbortSignal): Promise<void>;
}

interface ClaimOptions {
  /** Identifies this demo in the label. */
  readonly id: string;
  /** In the order in which they are to be deleted. */
  readonly names: readonly string[];
  readonly signal: AbortSignal;
  /** What was condemned before. */
  readonly leftOver: readonly Namespace[];
  /** Kept up to date: the namespaces that have the demo's label, so that their contents may be changed. */
  readonly owned: Set<string>;
}

const goneMs = 40_000;

/**
 * Makes the namespaces, once those left over are gone. Rejects with ClusterError when one is there again, that somebody
 * else made.
 */
export async function claimNamespaces(kube: KubeClient, o: ClaimOptions): Promise<Claim> {
  for (const namespace of o.leftOver) await untilGone(kube, namespace, o);
  const made: Namespace[] = [];
  const claim: Claim = {
    async release(signal) {
      for (const namespace of made) await remove(kube, namespace, { ...o, signal });
    },
  };
  for (const name of o.names) {
    try {
      made.push(await kube.create(resources.namespaces, { metadata: { name, labels: { [demoLabel]: o.id } } }));
      o.owned.add(name);
    } catch (error) {
      await claim.release(o.signal);
      if (isKubeError(error, "already_exists")) throw takenError([name], kube.server);
      throw error;
    }
  }
  return claim;
}

/**
 * The namespaces of these names that an earlier demo left. Rejects with ClusterError when one is there that no demo
 * made, or when another demo is playing. Only looks.
 */
export async function findLeftOver(
  kube: KubeClient,
  { names, now }: { names: readonly string[]; now: () => number },
): Promise<readonly Namespace[]> {
  const answers = await Promise.all(names.map((name) => kube.tryGet(resources.namespaces, { name })));
  const found = answers.filter((namespace) => namespace !== undefined);
  const taken = found.filter(({ metadata }) => metadata.labels?.[demoLabel] === undefined);
  if (taken.length > 0) throw takenError(taken.map(nameOf), kube.server);
  await expectNobody(kube, found, now());
  return found;
}

function takenError(names: readonly string[], server: string): ClusterError {
  const which = names.length > 1 ? `namespaces ${names.join(" and ")} exist` : `namespace ${names.join("")} exists`;
  return new ClusterError(
    "namespace_taken",
    `${which} at ${server} without the label ${demoLabel}, expected none of that name: the demo touches only namespaces that it made; choose another cluster`,
  );
}

/** The services of a demo that is playing hold Leases in one of its namespaces. */
async function expectNobody(kube: KubeClient, found: readonly Namespace[], now: number): Promise<void> {
  for (const { metadata } of found) {
    const { items } = await kube.list(resources.leases, { namespace: metadata.name });
    const fresh = items.find(({ spec }) => isFresh(spec, now));
    if (fresh === undefined) continue;
    throw new ClusterError(
      "demo_running",
      `demo ${metadata.labels?.[demoLabel]} is playing at ${kube.server} (Lease ${metadata.name}/${fresh.metadata.name} is being renewed), expected no other demo: end it or wait half a minute`,
    );
  }
}

/**
 * Begins to delete a namespace that an earlier demo left. From then on nothing new can be made in it, and its pods are
 * gone at once: nobody is left to end them, and nothing of them shall be run again.
 */
export async function condemn(kube: KubeClient, namespace: Namespace): Promise<void> {
  const name = nameOf(namespace);
  await deleteNamespace(kube, namespace);
  await kube.raw("DELETE", `/api/v1/namespaces/${name}/pods`, { gracePeriodSeconds: 0 });
}

async function remove(kube: KubeClient, namespace: Namespace, o: ClaimOptions): Promise<void> {
  await deleteNamespace(kube, namespace);
  await untilGone(kube, namespace, o);
}

async function deleteNamespace(kube: KubeClient, namespace: Namespace): Promise<void> {
  try {
    await kube.delete(resources.namespaces, { name: nameOf(namespace) }, { uid: namespace.metadata.uid });
  } catch (error) {
    if (!isKubeError(error, "not_found")) throw error;
  }
}

async function untilGone(kube: KubeClient, namespace: Namespace, o: ClaimOptions): Promise<void> {
  const name = nameOf(namespace);
  const isGone = async () =>
    (await kube.tryGet(resources.namespaces, { name }))?.metadata.uid !== namespace.metadata.uid;
  try {
    const seen = () => "it is still there";
    await until(`namespace ${name} to be gone`, isGone, { timeoutMs: goneMs, signal: o.signal, seen });
  } catch (error) {
    if (!(error instanceof StoryError)) throw error;
    throw new ClusterError(
      "namespace_stuck",
      `cannot delete namespace ${name}: ${error.message}; see kubectl get namespace ${name} -o yaml`,
    );
  }
  o.owned.delete(name);
}

/** Never empty: the API sent it. */
export function nameOf({ metadata }: Namespace): string {
  return metadata.name ?? "";
}
