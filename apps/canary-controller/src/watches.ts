// What the controller watches: canaries and what every Canary has from the start, other kinds from the first time that one is read.
import type { Canary } from "@burgee/contracts/crd";
import {
  createInformer,
  type Informer,
  type KubeClient,
  type KubeObject,
  type Resource,
  resources,
} from "@burgee/kube";
import type { Logger } from "@burgee/service-kit";
import { type CachedKind, type CachedReader, cachedKind, createCachedReader } from "./cached-reader.ts";
import { canaries } from "./canary-resource.ts";

/** The watches of a controller, and reads from them. */
export interface Watches {
  readonly canaries: Informer<Canary>;
  /** Those without which no Canary can be looked after. */
  readonly informers: readonly Informer<KubeObject>[];
  readonly reader: CachedReader;
  start(signal: AbortSignal): void;
  stop(): Promise<void>;
  /** Lists everything again: what others wrote before is known then. */
  refresh(): void;
  /** Called with changes of objects that are no canaries, except with what this process itself wrote to kinds read later. */
  onObject(listener: (object: KubeObject) => void): () => void;
}

/** What they hold is nobody's business as long as no target refers to it: never fetched in bulk. */
const neverWatched: readonly string[] = [resources.configMaps.plural, resources.secrets.plural];

/** What comes with a new revision may be meant for that revision: such changes start nothing by themselves, and are seen at the next look. */
const quiet: readonly string[] = [resources.horizontalPodAutoscalers.plural, "scaledobjects"];

/** A Canary tells only of itself, not those that wait for it. */
const tells = (r: Resource): boolean => r.plural !== canaries.plural && !quiet.includes(r.plural);

/** Starts with canaries, Deployments and Services. Kinds that this process may not watch are read from the API. */
export function createWatches(client: KubeClient, o: { namespace: string; log: Logger }): Watches {
  const namespace = o.namespace === "" ? undefined : o.namespace;
  const options = { namespace, log: o.log, withoutManagedFields: true, asText: true };
  const listeners = new Set<(object: KubeObject) => void>();
  const kinds = new Map<string, { kind: CachedKind; informer: Informer<KubeObject> }>();
  const idOf = (r: Resource) => `${r.group}/${r.version}/${r.plural}`;
  const tell = (object: KubeObject): void => {
    for (const listener of listeners) listener(object);
  };
  let signal: AbortSignal | undefined;

  /** `onNews` is called with changes that are not by this process, as far as is known by then. */
  function watch<T extends KubeObject>(r: Resource<T>, onNews?: (object: T) => void): Informer<T> {
    const informer = createInformer(client, r, options);
    informer.on(({ type, object }) => {
      if (type === "deleted") reader.gone(r, object);
      const isOwn = type !== "deleted" && reader.heard(r, object);
      if (!isOwn) onNews?.(object);
    });
    kinds.set(idOf(r), { kind: cachedKind(r, informer, tells(r)), informer });
    return informer;
  }

  const reader = createCachedReader(client, (r, of) => {
    const known = kinds.get(idOf(r));
    if (known !== undefined) return of === namespace || namespace === undefined ? known.kind : undefined;
    if (signal === undefined || !r.namespaced || neverWatched.includes(r.plural)) return undefined;
    watch(r, tells(r) ? tell : undefined).start(signal);
    return kinds.get(idOf(r))?.kind;
  });

  const canaryInformer = watch(canaries);
  const deployments = watch(resources.deployments);
  const services = watch(resources.services);
  for (const informer of [deployments, services]) informer.on(({ object }) => tell(object));
  const all = () => [...kinds.values()].map(({ informer }) => informer);
  return {
    canaries: canaryInformer,
    informers: [canaryInformer, deployments, services],
    reader,
    start(startSignal) {
      signal = startSignal;
      for (const informer of all()) informer.start(startSignal);
    },
    async stop() {
      signal = undefined;
      await Promise.all(all().map((informer) => informer.stop()));
    },
    refresh() {
      for (const informer of all()) informer.refresh();
    },
    onObject(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
