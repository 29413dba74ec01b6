// Reads that are cheap and never older than our own writes.
import type { Informer, KubeClient, KubeObject, ObjectRef, Resource } from "@burgee/kube";

/** Reads objects for one pass. Objects handed out are shared: never change them. */
export interface CachedReader {
  /** From the cache when it is at least as new as our last write of the object, else from the API, by `client` when it is given. */
  tryGet<T extends KubeObject>(
    r: Resource<T>,
    ref: Required<ObjectRef>,
    client?: KubeClient | undefined,
  ): Promise<T | undefined>;
  /** Call with the answer of every write, so that no pass decides on what was there before it. */
  wrote(r: Resource, object: KubeObject): void;
  /** Ask the API about this object the next time: after taking over from another process, after a write that failed. */
  distrust(r: Resource, ref: ObjectRef): void;
  /** Whether this is what we wrote, or older. */
  isOwn(r: Resource, object: KubeObject): boolean;
  /** Call with what was deleted, so that nothing is kept about it. */
  gone(r: Resource, object: KubeObject): void;
}

/** Finds the cache of a kind's objects in a namespace; undefined for those that are read from the API every time. */
export type FindCache = (r: Resource, namespace: string | undefined) => CachedKind | undefined;

/** What `find` finds is asked in place of the API while it is up. */
export function createCachedReader(client: KubeClient, find: FindCache): CachedReader {
  const expected = new Map<string, bigint>();
  const distrusted = new Set<string>();
  const idOf = (r: Resource, ref: ObjectRef) => `${r.group}/${r.plural}/${ref.namespace ?? ""}/${ref.name}`;

  function fromCache<T extends KubeObject>(
    kind: CachedKind,
    r: Resource<T>,
    ref: Required<ObjectRef>,
  ): { object: T | undefined } | undefined {
    const id = idOf(r, ref);
    if (kind.state() !== "up" || distrusted.has(id)) return undefined;
    const object = kind.get(r, ref.namespace ?? "", ref.name);
    const wanted = expected.get(id);
    if (wanted === undefined) return { object };
    // Resource versions are opaque by contract, but grow in every API server; anything else is read from the API.
    if (object === undefined || versionOf(object) < wanted) return undefined;
    expected.delete(id);
    return { object };
  }

  return {
    async tryGet(r, ref, own = client) {
      const kind = find(r, ref.namespace);
      if (kind === undefined) return own.tryGet(r, ref);
      if (kind.state() === "syncing") await kind.settled();
      const cached = fromCache(kind, r, ref);
      if (cached !== undefined) return cached.object;
      const id = idOf(r, ref);
      const object = await own.tryGet(r, ref);
      if (object === undefined) {
        expected.delete(id);
        if (kind.get(r, ref.namespace ?? "", ref.name) === undefined) distrusted.delete(id);
        return undefined;
      }
      // No later pass goes back to what the cache showed before.
      distrusted.delete(id);
      expected.set(id, versionOf(object));
      return object;
    },
    wrote(r, object) {
      const cached = find(r, object.metadata.namespace) !== undefined;
      if (cached) expected.set(idOf(r, object.metadata), versionOf(object));
    },
    distrust(r, ref) {
      if (find(r, ref.namespace) !== undefined) distrusted.add(idOf(r, ref));
    },
    isOwn(r, object) {
      const wanted = expected.get(idOf(r, object.metadata));
      return wanted !== undefined && versionOf(object) <= wanted;
    },
    gone(r, object) {
      const id = idOf(r, object.metadata);
      if (versionOf(object) >= (expected.get(id) ?? 0n)) expected.delete(id);
      distrusted.delete(id);
    },
  };
}

/** An informer whose kind is known only at run time. */
export interface CachedKind {
  state(): "syncing" | "up" | "down";
  /** Resolves when it is no longer syncing, or has been for too long to wait. */
  settled(): Promise<void>;
  get<T extends KubeObject>(r: Resource<T>, namespace: string, name: string): T | undefined;
}

/** Makes an informer readable by its kind. */
export function cachedKind<K extends KubeObject>(
  resource: Resource<K>,
  informer: Pick<Informer<K>, "state" | "settled" | "get">,
): CachedKind {
  const isOf = (r: Resource): r is Resource<K> =>
    r.group === resource.group && r.plural === resource.plural && r.version === resource.version;
  return {
    state: () => informer.state(),
    settled: () => informer.settled(),
    get<T extends KubeObject>(r: Resource<T>, namespace: string, name: string): T | undefined {
      return narrow(r, { isOf, object: informer.get(namespace, name) });
    },
  };
}

function narrow<T extends KubeObject>(
  r: Resource<T>,
  o: { isOf: (r: Resource) => boolean; object: KubeObject | undefined },
): T | undefined {
  const hasType = (object: KubeObject | undefined): object is T => object !== undefined && o.isOf(r);
  return hasType(o.object) ? o.object : undefined;
}

function versionOf(object: KubeObject): bigint {
  const version = object.metadata.resourceVersion ?? "";
  return /^\d+$/.test(version) ? BigInt(version) : 0n;
}
