import { createHash } from "node:crypto";
import { clone, equal, numberAt, objectAt, stringMapAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import { type Cluster, controllerOf, controllerReference } from "./cluster.ts";

/** The labels by which a revision and the pods made from it are known. */
export const revisionLabel = "controller-revision-hash";

/** A pod template that a workload has or had. */
export interface Revision {
  readonly name: string;
  readonly hash: string;
  readonly template: Record<string, unknown>;
}

/** The templates of StatefulSets and DaemonSets, kept as ControllerRevisions: `kubectl rollout history` and `undo` read them. */
export class Revisions {
  readonly #cluster: Cluster;
  readonly #all: ReturnType<Cluster["informer"]>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#all = cluster.informer(paths.controllerRevisions);
  }

  get synced(): Promise<void> {
    return this.#all.synced;
  }

  /** The revision of the template that the workload has now; it is always the newest. */
  async latest(owner: KubeObject): Promise<Revision> {
    const owned = this.#owned(owner);
    const data = { spec: { template: { ...clone(objectAt(owner, "spec", "template")), $patch: "replace" } } };
    const found = owned.find((revision) => equal(revision.data, data));
    const others = owned.filter((revision) => revision !== found);
    const number = Math.max(numberAt(found, "revision") ?? 0, 1 + Math.max(0, ...others.map(numberOf)));
    if (found) {
      if (numberOf(found) === number) return revisionFrom(found);
      return revisionFrom(await this.#cluster.merge(paths.controllerRevisions, found, { revision: number }));
    }
    return revisionFrom(await this.#create(owner, data, number));
  }

  /** A revision by its name. */
  named(owner: KubeObject, name: string): Revision | undefined {
    const found = this.#owned(owner).find(({ metadata }) => metadata.name === name);
    return found && revisionFrom(found);
  }

  /** Deletes the oldest revisions that no pod has, beyond the workload's limit. */
  async forgetOld(owner: KubeObject, inUse: ReadonlySet<string>): Promise<void> {
    const limit = numberAt(owner, "spec", "revisionHistoryLimit") ?? 10;
    const unused = this.#owned(owner)
      .filter((revision) => !inUse.has(revision.metadata.name))
      .sort((a, b) => numberOf(a) - numberOf(b));
    for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
      await this.#cluster.delete(paths.controllerRevisions, revision);
    }
  }

  #owned(owner: KubeObject): KubeObject[] {
    return this.#all.list().filter((revision) => controllerOf(revision)?.uid === owner.metadata.uid);
  }

  #create(owner: KubeObject, data: Record<string, unknown>, revision: number): Promise<KubeObject> {
    const { name, namespace, annotations = {} } = owner.metadata;
    const { "kubectl.kubernetes.io/last-applied-configuration": _applied, ...kept } = annotations;
    // The uid makes the name another one for a workload that is created again while the old one's history goes.
    const hash = hashOf([data, owner.metadata.uid]);
    const labels = { ...stringMapAt(owner, "spec", "template", "metadata", "labels"), [revisionLabel]: hash };
    const object = {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `${name}-${hash}`,
        labels,
        annotations: kept,
        ownerReferences: [controllerReference(owner)],
      },
      data,
      revision,
    };
    return this.#cluster.create(paths.controllerRevisions, object, namespace);
  }
}

function revisionFrom(object: KubeObject): Revision {
  const { $patch: _patch, ...template } = objectAt(object, "data", "spec", "template");
  return { name: object.metadata.name, hash: object.metadata.labels?.[revisionLabel] ?? "", template: clone(template) };
}

function numberOf(revision: KubeObject): number {
  return numberAt(revision, "revision") ?? 0;
}

function hashOf(value: unknown): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const digest = createHash("sha256").update(JSON.stringify(value)).digest();
  return [...digest.subarray(0, 10)].map((byte) => letters[byte % letters.length]).join("");
}
