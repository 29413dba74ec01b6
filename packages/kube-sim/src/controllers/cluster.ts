import { isObject } from "../api/json.ts";
import type { KubeObject, OwnerReference } from "../api/object.ts";
import { type ApiClient, ClientError } from "../client/api-client.ts";
import type { ResourcePath } from "../client/paths.ts";
import { Informer } from "../client/informer.ts";
import type { SimLog } from "../log.ts";
import { EventRecorder, type News } from "./event-recorder.ts";

/** One part of the simulated cluster. */
export interface Part {
  stop(): Promise<void>;
}

/** The API as controllers see it: shared informers, and writes whose answers the informers learn at once. */
export class Cluster {
  readonly client: ApiClient;
  readonly log: SimLog;
  readonly #informers = new Map<string, Informer>();
  readonly #events: EventRecorder;

  constructor(client: ApiClient, log: SimLog) {
    this.client = client;
    this.log = log;
    this.#events = new EventRecorder(client);
  }

  /** The informer of a kind; started with its first user. */
  informer(resource: ResourcePath): Informer {
    const id = `${resource.api}/${resource.plural}`;
    const known = this.#informers.get(id);
    if (known) return known;
    const made = new Informer(this.client, resource, this.log);
    this.#informers.set(id, made);
    made.start();
    return made;
  }

  async create(resource: ResourcePath, object: object, namespace?: string): Promise<KubeObject> {
    const made = await this.client.create(resource, object, namespace);
    this.#known(resource)?.learn(made);
    return made;
  }

  /** A merge patch that only applies to the version given. */
  async merge(resource: ResourcePath, object: KubeObject, patch: object, subresource?: string): Promise<KubeObject> {
    const made = await this.client.merge(resource, object, patch, subresource);
    this.#known(resource)?.learn(made);
    return made;
  }

  /** Replaces the status; nothing is written when it is the same. */
  async replaceStatus(resource: ResourcePath, object: KubeObject, status: object): Promise<KubeObject> {
    if (JSON.stringify(object.status) === JSON.stringify(status)) return object;
    const made = await this.client.replace(resource, { ...object, status }, "status");
    this.#known(resource)?.learn(made);
    return made;
  }

  /** Deletes; an object that is already gone is fine. */
  async delete(resource: ResourcePath, object: KubeObject, options: object = {}): Promise<void> {
    try {
      await this.client.delete(resource, object, options);
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 404) throw error;
      this.#known(resource)?.forget(object);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
    this.client.close();
  }

  /** Tells users about an object with an Event; the same again only counts. A lost one is worth a debug line. */
  event(object: KubeObject, news: News): void {
    this.#events.record(object, news).catch((error: unknown) => {
      this.log.debug({ err: error, reason: news.reason }, "event not recorded");
    });
  }

  #known({ api, plural }: ResourcePath): Informer | undefined {
    return this.#informers.get(`${api}/${plural}`);
  }
}

/** The reference that makes `owner` the controller of another object. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

/** The owner that controls an object, if it has one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether labels fit a LabelSelector; an empty or missing selector selects nothing. */
export function selects(selector: unknown, labels: Record<string, string>): boolean {
  if (!isObject(selector)) return false;
  const wanted = Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {});
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isObject) : [];
  if (wanted.length === 0 && expressions.length === 0) return false;
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values }) => {
      const value = labels[String(key)];
      const listed = Array.isArray(values) && values.includes(value);
      if (operator === "In") return value !== undefined && listed;
      if (operator === "NotIn") return value === undefined || !listed;
      return (value !== undefined) === (operator === "Exists");
    })
  );
}
