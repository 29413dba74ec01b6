import { at, objectsAt, stringAt } from "../api/json.ts";
import type { KubeObject, OwnerReference } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerReference } from "./cluster.ts";

/** Who takes the claims of a StatefulSet's pod along when it goes: the set, the pod, or nobody. */
export class ClaimOwners {
  readonly #cluster: Cluster;
  readonly #claims;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#claims = cluster.informer(paths.persistentVolumeClaims);
  }

  get synced(): Promise<void> {
    return this.#claims.synced;
  }

  /** Writes down whom the claims of a pod go with. `condemned`: the set is scaled to less than the pod's ordinal. */
  async settle(set: KubeObject, pod: KubeObject, condemned: boolean): Promise<void> {
    const { namespace } = set.metadata;
    const wanted = ownerOf(set, pod, condemned);
    for (const { metadata } of objectsAt(set, "spec", "volumeClaimTemplates")) {
      const claim = this.#claims.get(`${namespace}/${at(metadata, "name")}-${pod.metadata.name}`);
      if (!claim) continue;
      const owners = claim.metadata.ownerReferences ?? [];
      const others = owners.filter(({ uid, kind }) => uid !== set.metadata.uid && kind !== "Pod");
      const settled = wanted ? [...others, wanted] : others;
      if (settled.map(({ uid }) => uid).join() === owners.map(({ uid }) => uid).join()) continue;
      const ownerReferences = settled.length > 0 ? settled : null;
      await this.#cluster.merge(paths.persistentVolumeClaims, claim, { metadata: { ownerReferences } });
    }
  }
}

function ownerOf(set: KubeObject, pod: KubeObject, condemned: boolean): OwnerReference | undefined {
  const policy = (when: string) => stringAt(set, "spec", "persistentVolumeClaimRetentionPolicy", when);
  if (condemned && policy("whenScaled") === "Delete") return controllerReference(pod);
  return policy("whenDeleted") === "Delete" ? controllerReference(set) : undefined;
}
