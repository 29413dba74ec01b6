import { objectAt, stringAt, stringsAt } from "../api/json.ts";
import { keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import type { Cluster, Part } from "./cluster.ts";
import { WorkQueue } from "./work-queue.ts";

/** Binds every PersistentVolumeClaim at once to a volume that does not exist: pods here have no file system. */
export function startVolumeClaims(cluster: Cluster): Part {
  const claims = cluster.informer(paths.persistentVolumeClaims);
  const queue = new WorkQueue("volume claim", (key) => reconcile(key), cluster.log);
  claims.on(({ type, object }) => {
    if (type !== "deleted") queue.add(keyOf(object));
  });

  async function reconcile(key: string): Promise<undefined> {
    await claims.synced;
    const claim = claims.get(key);
    if (claim === undefined || stringAt(claim, "status", "phase") === "Bound") return;
    const bound = await cluster.merge(paths.persistentVolumeClaims, claim, {
      spec: { volumeName: `pvc-${claim.metadata.uid}` },
    });
    const accessModes = stringsAt(claim, "spec", "accessModes");
    const capacity = objectAt(claim, "spec", "resources", "requests");
    await cluster.replaceStatus(paths.persistentVolumeClaims, bound, { phase: "Bound", accessModes, capacity });
  }

  return queue;
}
