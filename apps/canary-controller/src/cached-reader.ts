// Reads that are cheap and never older than our own writes.
import type { Informer, KubeClient, KubeObject, ObjectRef, Resource } from "@burgee/kube";

/** Reads objects for one pass. Objects handed out are shared: never change them. */
export interface CachedReader {
  /** The newest that is known of it: from the cache or from our last write; else from the API, by `client` when it is given. */
  tryGet<T extends KubeObject>(
    r: Resource<T>,
    ref: Required<ObjectRef>,
    client?: KubeClient | undefined,
  ): Promise<T | undefined>;
  /** Call with the answer of every write, so that no pass decides on what was there before it. */
  wrote(r: Resource, object: KubeObject): void;
  /** Ask the API about this object the next time: after taking over from another process, after a write that failed. */
  distrust(r: Resource, ref: ObjectRef): void;
  /** Call with each version that a watch shows. True when it is no news: what we wrote, or older. */
  heard(r: Resource, object: KubeObject): boolean;
  /** Call with what was deleted, so that nothing is kept about it. */
  gone(r: Resource, object: KubeObject): void;
  /** Call when something was read whose changes nobody tells of: who read it has to look at it again. */
  unheard(): void;
  /** The same reader for one pass over a Canary, that the changes of `concerns` (`namespace/name`, whatever the kind) are told to. */
  forPass(concerns: ReadonlySet<string>, onUnheard: () => void): CachedReader;
}

/** Finds the cache of a kind's objects in a namespace; undefined for those that are read from the API every time. */
export type FindCache = (r: Resource, namespace: string | undefined) => CachedKind | undefined;

/** What `find` finds is asked in place of the API while it is up. */
export function createCachedReader(client: KubeClient, find: FindCache): CachedReader {
  /** What we wrote or read from the API, as long as the cache does not show it. */
  const newest = new Map<string, KubeObject>();
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
    const newer = newest.get(id);
    if (newer === undefined) return { object };
    // Not there yet, or not there any more.
    if (object === undefined) return undefined;
    if (versionOf(object) < versionOf(newer)) return { object: kind.narrow(r, newer) };
    newest.delete(id);
    return { object };
  }

  function keep(kind: CachedKind, r: Resource, object: KubeObject): void {
    const { namespace = "", name } = object.metadata;
    const shown = kind.get(r, namespace, name);
    if (shown === undefined || versionOf(shown) < versionOf(object)) newest.set(idOf(r, object.metadata), object);
  }

  const reader: CachedReader = {
    async tryGet(r, ref, own = client) {
      const kind = find(r, ref.namespace);
      if (kind === undefined) return own.tryGet(r, ref);
      if (kind.state() === "syncing") await kind.settled();
      const cached = fromCache(kind, r, ref);
      if (cached !== undefined) return cached.object;
      const id = idOf(r, ref);
      const object = await own.tryGet(r, ref);
      if (object === undefined) {
        newest.delete(id);
        if (kind.get(r, ref.namespace ?? "", ref.name) === undefined) distrusted.delete(id);
        return undefined;
      }
      // No later pass goes back to what the cache showed before.
      distrusted.delete(id);
      keep(kind, r, object);
      return object;
    },
    wrote(r, object) {
      const kind = find(r, object.metadata.namespace);
      if (kind !== undefined) keep(kind, r, object);
    },
    distrust(r, ref) {
      if (find(r, ref.namespace) !== undefined) distrusted.add(idOf(r, ref));
    },
    heard(r, object) {
      const id = idOf(r, object.metadata);
      const newer = newest.get(id);
      if (newer === undefined) return false;
      if (versionOf(object) >= versionOf(newer)) newest.delete(id);
      return versionOf(object) <= versionOf(newer);
    },
    gone(r, object) {
      const id = idOf(r, object.metadata);
      const newer = newest.get(id);
      if (newer !== undefined && versionOf(object) >= versionOf(newer)) newest.delete(id);
      distrusted.delete(id);
    },
    unheard: () => undefined,
    forPass: (concerns, onUnheard) => ({
      ...reader,
      async tryGet(r, ref, own) {
        const object = await reader.tryGet(r, ref, own);
        const kind = find(r, ref.namespace);
        const isHeard = kind?.tells === true && kind.state() === "up" && concerns.has(`${ref.namespace}/${ref.name}`);
        if (!isHeard) onUnheard();
        return object;
      },
      unheard: onUnheard,
    }),
  };
  return reader;
}

/** An informer whose kind is known only at run time. */
export interface CachedKind {
  /** Whether changes of its objects make somebody look at the canaries that they concern. */
  readonly tells: boolean;
  state(): "syncing" | "up" | "down";
  /** Resolves when it is no longer syncing, or has been for too long to wait. */
  settled(): Promise<void>;
  get<T extends KubeObject>(r: Resource<T>, namespace: string, name: string): T | undefined;
  /** An object of the kind as what it is. */
  narrow<T extends KubeObject>(r: Resource<T>, object: KubeObject): T | undefined;
}

/** Makes an informer readable by its kind. */
export function cachedKind<K extends KubeObject>(
  resource: Resource<K>,
  informer: Pick<Informer<K>, "state" | "settled" | "get">,
  tells: boolean,
): CachedKind {
  const isOf = (r: Resource): r is Resource<K> =>
    r.group === resource.group && r.plural === resource.plural && r.version === resource.version;
  function narrow<T extends KubeObject>(r: Resource<T>, object: KubeObject | undefined): T | undefined {
    const hasType = (it: KubeObject | undefined): it is T => it !== undefined && isOf(r);
    return hasType(object) ? object : undefined;
  }
  return {
    tells,
    state: () => informer.state(),
    settled: () => informer.settled(),
    get: (r, namespace, name) => narrow(r, informer.get(namespace, name)),
    narrow,
  };
}

/** Opaque by contract, but growing in every API server; what is no number is taken to be old. */
function versionOf(object: KubeObject): bigint {
  const version = object.metadata.resourceVersion ?? "";
  return /^\d+$/.test(version) ? BigInt(version) : 0n;
}
