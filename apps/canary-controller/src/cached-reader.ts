// Reads that are cheap and never older than our own writes.
import type { Informer, KubeClient, KubeObject, ObjectRef, Resource } from "@burgee/kube";

/** Reads objects for one pass. Objects handed out are shared: never change them. */
export interface CachedReader {
  /** From the cache when it is at least as new as our last write of the object, else from the API. */
  tryGet<T extends KubeObject>(r: Resource<T>, ref: Required<ObjectRef>): Promise<T | undefined>;
  /** Call with the answer of every write, so that no pass decides on what was there before it. */
  wrote(r: Resource, object: KubeObject): void;
  /** Ask the API about this object the next time: after taking over from another process, after a write that failed. */
  distrust(r: Resource, ref: Required<ObjectRef>): void;
}

/** `informers` are asked in place of the API for their kind, while they are up. */
export function createCachedReader(client: KubeClient, informers: readonly CachedKind[]): CachedReader {
  const expected = new Map<string, bigint>();
  const distrusted = new Set<string>();
  const idOf = (r: Resource, ref: ObjectRef) => `${r.group}/${r.plural}/${ref.namespace ?? ""}/${ref.name}`;

  function fromCache<T extends KubeObject>(
    r: Resource<T>,
    ref: Required<ObjectRef>,
  ): { object: T | undefined } | undefined {
    const kind = informers.find((known) => known.isOf(r));
    const id = idOf(r, ref);
    if (kind === undefined || kind.state() !== "up" || distrusted.has(id)) return undefined;
    const object = kind.get(r, ref.namespace ?? "", ref.name);
    const wanted = expected.get(id);
    if (wanted === undefined) return { object };
    // Resource versions are opaque by contract, but grow in every API server; anything else is read from the API.
    if (object === undefined || versionOf(object) < wanted) return undefined;
    expected.delete(id);
    return { object };
  }

  return {
    async tryGet(r, ref) {
      const cached = fromCache(r, ref);
      if (cached !== undefined) return cached.object;
      const id = idOf(r, ref);
      const object = await client.tryGet(r, ref);
      if (object === undefined) {
        expected.delete(id);
        const gone = informers.find((known) => known.isOf(r))?.get(r, ref.namespace ?? "", ref.name) === undefined;
        if (gone) distrusted.delete(id);
        return undefined;
      }
      // No later pass goes back to what the cache showed before.
      distrusted.delete(id);
      expected.set(id, versionOf(object));
      return object;
    },
    wrote(r, object) {
      expected.set(idOf(r, object.metadata), versionOf(object));
    },
    distrust: (r, ref) => void distrusted.add(idOf(r, ref)),
  };
}

/** An informer whose kind is known only at run time. */
export interface CachedKind {
  isOf(r: Resource): boolean;
  state(): "syncing" | "up" | "down";
  get<T extends KubeObject>(r: Resource<T>, namespace: string, name: string): T | undefined;
}

/** Makes an informer readable by kind. */
export function cachedKind<K extends KubeObject>(resource: Resource<K>, informer: Informer<K>): CachedKind {
  const isOf = (r: Resource): r is Resource<K> =>
    r.group === resource.group && r.plural === resource.plural && r.version === resource.version;
  return {
    isOf,
    state: () => informer.state(),
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
