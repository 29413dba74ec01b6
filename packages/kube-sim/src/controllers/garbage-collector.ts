import { type KubeObject, keyOf, type OwnerReference } from "../api/object.ts";
import { ClientError } from "../client/api-client.ts";
import type { Informer } from "../client/informer.ts";
import { paths } from "../client/paths.ts";
import { type ServedResource, servedResources } from "./api-catalog.ts";
import type { Cluster, Part } from "./cluster.ts";
import { WorkQueue } from "./work-queue.ts";

/** Kinds that come in masses and own nothing. */
const ignored = new Set(["events"]);

const foreground = "foregroundDeletion";
const orphan = "orphan";

interface Tracked {
  resource: ServedResource;
  informer: Informer;
}

/**
 * Deletes objects whose owners are gone, and carries out foreground and orphan deletions. It follows every kind that
 * can be deleted; kinds that come later are picked up with their definition.
 */
export function startGarbageCollector(cluster: Cluster): Part {
  const tracked = new Map<string, Tracked>();
  /** Owner uid → keys of what it owns. */
  const dependents = new Map<string, Set<string>>();
  const queue = new WorkQueue("garbage-collector", (key) => reconcile(key), cluster.log);
  const catalog = new WorkQueue("garbage-collector-catalog", () => track(), cluster.log);
  const off = cluster.informer(paths.definitions).on(() => catalog.add("kinds"));
  catalog.add("kinds");

  async function track(): Promise<undefined> {
    for (const resource of await servedResources(cluster.client)) {
      const id = `${resource.api}/${resource.plural}`;
      const followed =
        resource.verbs.includes("delete") && resource.verbs.includes("watch") && !ignored.has(resource.plural);
      if (!followed || tracked.has(id)) continue;
      const informer = cluster.informer(resource);
      tracked.set(id, { resource, informer });
      informer.on(({ type, object, old }) => {
        if (old) forget(id, old);
        if (type === "deleted") {
          forget(id, object);
          for (const dependent of dependents.get(object.metadata.uid) ?? []) queue.add(dependent);
          for (const owner of object.metadata.ownerReferences ?? []) wakeOwner(owner, object);
          return;
        }
        for (const { uid } of object.metadata.ownerReferences ?? []) {
          const known = dependents.get(uid) ?? new Set();
          dependents.set(uid, known.add(`${id} ${keyOf(object)}`));
        }
        if (object.metadata.ownerReferences || isCascading(object)) queue.add(`${id} ${keyOf(object)}`);
      });
    }
    return undefined;
  }

  function forget(id: string, object: KubeObject): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const known = dependents.get(uid);
      known?.delete(`${id} ${keyOf(object)}`);
      if (known?.size === 0) dependents.delete(uid);
    }
  }

  /** An owner that waits for its dependents may be able to go on. */
  function wakeOwner(owner: OwnerReference, dependent: KubeObject): void {
    const found = findOwner(owner, dependent);
    if (found && isCascading(found.object)) queue.add(found.key);
  }

  function findOwner(owner: OwnerReference, dependent: KubeObject): { key: string; object: KubeObject } | undefined {
    for (const [id, { resource, informer }] of tracked) {
      if (resource.kind !== owner.kind || resource.group !== groupOf(owner.apiVersion)) continue;
      const key = resource.namespaced ? `${dependent.metadata.namespace}/${owner.name}` : owner.name;
      const object = informer.get(key);
      if (object?.metadata.uid === owner.uid) return { key: `${id} ${key}`, object };
    }
    return undefined;
  }

  async function reconcile(work: string): Promise<number | undefined> {
    const [id = "", key = ""] = work.split(" ");
    const entry = tracked.get(id);
    const object = entry?.informer.get(key);
    if (!entry || !object) return undefined;
    if (isCascading(object)) return cascade(entry, object);
    if (object.metadata.deletionTimestamp) return undefined;
    const owners = object.metadata.ownerReferences ?? [];
    const fates = await Promise.all(owners.map((owner) => fateOf(owner, object)));
    if (fates.length > 0 && fates.every((fate) => fate === "gone")) {
      await cluster.delete(entry.resource, object, { propagationPolicy: "Background" });
    } else if (fates.every((fate) => fate !== "present") && fates.includes("waiting")) {
      await cluster.delete(entry.resource, object, { propagationPolicy: "Foreground" });
    } else if (fates.includes("gone")) {
      const ownerReferences = owners.filter((_owner, index) => fates[index] !== "gone");
      const metadata = { ownerReferences, resourceVersion: object.metadata.resourceVersion };
      await cluster.merge(entry.resource, object, { metadata });
    }
    return undefined;
  }

  /** Whether an owner is there, is waiting for its dependents to go, or is gone; asked of the API when not known here. */
  async function fateOf(owner: OwnerReference, dependent: KubeObject): Promise<"present" | "waiting" | "gone"> {
    const known = findOwner(owner, dependent);
    if (known)
      return known.object.metadata.finalizers?.includes(foreground) && known.object.metadata.deletionTimestamp
        ? "waiting"
        : "present";
    const resource = [...tracked.values()].find(
      (entry) => entry.resource.kind === owner.kind && entry.resource.group === groupOf(owner.apiVersion),
    )?.resource;
    // A kind that nothing serves any more keeps its dependents, as in a real cluster.
    if (!resource) return "present";
    try {
      const namespace = resource.namespaced ? dependent.metadata.namespace : undefined;
      const found = await cluster.client.get(resource, owner.name, namespace);
      return found.metadata.uid === owner.uid ? "present" : "gone";
    } catch (error) {
      if (error instanceof ClientError && error.status === 404) return "gone";
      throw error;
    }
  }

  async function cascade({ resource }: Tracked, owner: KubeObject): Promise<undefined> {
    const keys = [...(dependents.get(owner.metadata.uid) ?? [])];
    const found = keys.flatMap((work) => {
      const [id = "", key = ""] = work.split(" ");
      const entry = tracked.get(id);
      const object = entry?.informer.get(key);
      return entry && object ? [{ entry, object }] : [];
    });
    if (owner.metadata.finalizers?.includes(orphan)) {
      for (const { entry, object } of found) await disown(entry.resource, object, owner);
      return release(resource, owner, orphan);
    }
    const reference = (object: KubeObject) =>
      object.metadata.ownerReferences?.find(({ uid }) => uid === owner.metadata.uid);
    for (const { entry, object } of found) {
      const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
      if (object.metadata.deletionTimestamp) continue;
      if (others.length > 0) await disown(entry.resource, object, owner);
      else await cluster.delete(entry.resource, object, { propagationPolicy: "Foreground" });
    }
    const blocking = found.some(({ object }) => reference(object)?.blockOwnerDeletion === true);
    return blocking ? undefined : release(resource, owner, foreground);
  }

  async function disown(resource: ServedResource, object: KubeObject, owner: KubeObject): Promise<void> {
    const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
    const metadata = { ownerReferences, resourceVersion: object.metadata.resourceVersion };
    await cluster.merge(resource, object, { metadata });
  }

  async function release(resource: ServedResource, owner: KubeObject, finalizer: string): Promise<undefined> {
    const finalizers = (owner.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    const metadata = { finalizers, resourceVersion: owner.metadata.resourceVersion };
    try {
      await cluster.client.merge(resource, owner, { metadata });
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 404) throw error;
    }
    return undefined;
  }

  return {
    stop: async () => {
      off();
      await Promise.all([queue.stop(), catalog.stop()]);
    },
  };
}

function isCascading({ metadata }: KubeObject): boolean {
  const waiting = metadata.finalizers?.some((name) => name === foreground || name === orphan) ?? false;
  return metadata.deletionTimestamp !== undefined && waiting;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}
