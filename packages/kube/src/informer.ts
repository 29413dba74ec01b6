import type { KubeClient, Log } from "./client.ts";
import type { KubeObject } from "./object.ts";
import type { Resource } from "./resource.ts";

export type InformerEvent<T> =
  | { type: "added"; object: T }
  | { type: "updated"; object: T; old: T }
  | { type: "deleted"; object: T };

export interface InformerOptions {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  log: Log;
  /** Send every object again as "updated" this often; never by default. */
  resyncMs?: number | undefined;
}

/** A local copy of a kind's objects, kept current by a watch. Objects handed out are shared: never change them. */
export interface Informer<T extends KubeObject> {
  readonly name: string;
  start(signal: AbortSignal): void;
  stop(): Promise<void>;
  /** Resolves when the first list is in the store; rejects when stopped before. */
  readonly synced: Promise<void>;
  /** `namespace` is "" for cluster-scoped kinds. */
  get(namespace: string, name: string): T | undefined;
  list(): T[];
  /** Listeners are called in order, after the store has changed. Returns how to leave. */
  on(listener: (e: InformerEvent<T>) => void): () => void;
  state(): "syncing" | "up" | "down";
  /** Called with each new state and, when down, why. */
  onState(listener: (state: "syncing" | "up" | "down", reason?: string) => void): () => void;
}

export declare function createInformer<T extends KubeObject>(
  client: KubeClient,
  r: Resource<T>,
  o: InformerOptions,
): Informer<T>;
