import { randomUUID } from "node:crypto";
import { checkListOptions, wholeNumber } from "./list-options.ts";
import { type Machinery, viewOf } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { keptJsonOf } from "./object-text.ts";
import { apiVersionOf, isCustom, type ResourceDefinition } from "./resource.ts";
import { parseFieldSelector, parseLabelSelector, type Selector } from "./selectors.ts";
import { badRequest, expired, qualified, tooLargeVersion } from "./status.ts";

/** One page of a list. */
export interface Page {
  items: KubeObject[];
  resourceVersion: string;
  continueToken: string | undefined;
  remaining: number | undefined;
}

/** The selector that a list, watch or deletecollection states in its query. */
export function selectorFrom(resource: ResourceDefinition, query: URLSearchParams): Selector | undefined {
  const labels = query.get("labelSelector");
  const fields = query.get("fieldSelector");
  const byLabels = labels ? parseLabelSelector(labels) : undefined;
  const byFields = fields ? parseFieldSelector(fields, qualified(resource), resource.selectableFields) : undefined;
  if (byLabels && byFields) return (object) => byLabels(object) && byFields(object);
  return byLabels ?? byFields;
}

interface Snapshot {
  items: KubeObject[];
  version: string;
}

const keptSnapshots = 32;

/** Lists objects; later pages of a list show what the first page saw, as long as it is remembered. */
export class Lister {
  readonly #api: Machinery;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(api: Machinery) {
    this.#api = api;
  }

  page(resource: ResourceDefinition, namespace: string | undefined, query: URLSearchParams): Page {
    checkListOptions(query, "list");
    const limit = wholeNumber(query, "limit") ?? 0;
    const token = query.get("continue");
    checkVersion(query, this.#api.store.version);
    if (token && !/^[0-9a-f-]{36}\.\d+$/.test(token)) {
      throw badRequest(`invalid continue token: continue key is not valid: ${JSON.stringify(token)}`);
    }
    const [id = "", offsetText = ""] = token ? token.split(".") : [];
    const offset = Number(offsetText);
    const snapshot = token ? this.#snapshot(id) : this.#all(resource, namespace, query);
    const end = limit > 0 ? offset + limit : snapshot.items.length;
    const items = snapshot.items.slice(offset, end);
    const left = snapshot.items.length - end;
    if (left <= 0) {
      return { items, resourceVersion: snapshot.version, continueToken: undefined, remaining: undefined };
    }
    const kept = token ? id : this.#remember(snapshot);
    const selected = query.get("labelSelector") || query.get("fieldSelector");
    return {
      items,
      resourceVersion: snapshot.version,
      continueToken: `${kept}.${end}`,
      remaining: selected ? undefined : left,
    };
  }

  #all(resource: ResourceDefinition, namespace: string | undefined, query: URLSearchParams): Snapshot {
    const { store } = this.#api;
    const selected = selectorFrom(resource, query);
    const views = store.list(resource.hub, namespace).map((stored) => viewOf(stored, resource));
    return { items: selected ? views.filter(selected) : views, version: String(store.version) };
  }

  #snapshot(id: string): Snapshot {
    const snapshot = this.#snapshots.get(id);
    if (!snapshot) throw expired("The provided continue parameter is too old to display a consistent list result.");
    return snapshot;
  }

  #remember(snapshot: Snapshot): string {
    const id = randomUUID();
    this.#snapshots.set(id, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (oldest !== undefined && this.#snapshots.size > keptSnapshots) this.#snapshots.delete(oldest);
    return id;
  }
}

/** Lists are of now: one of exactly an older version is refused as if that were compacted. */
function checkVersion(query: URLSearchParams, newest: number): void {
  const version = Number(query.get("resourceVersion") ?? 0);
  if (version > newest) throw tooLargeVersion(version, newest);
  if (version !== newest && query.get("resourceVersionMatch") === "Exact") {
    throw expired("The resourceVersion for the provided list is too old.");
  }
}

/** An item of a list: built-in kinds say what they are once, in the list. */
function itemJson(resource: ResourceDefinition, object: KubeObject): string {
  const text = keptJsonOf(object);
  if (isCustom(resource)) return text;
  const { apiVersion, kind } = object;
  for (const head of [
    { apiVersion, kind },
    { kind, apiVersion },
  ]) {
    const start = `${JSON.stringify(head).slice(0, -1)},`;
    if (text.startsWith(start)) return `{${text.slice(start.length)}`;
  }
  return JSON.stringify({ ...object, apiVersion: undefined, kind: undefined });
}

/** The JSON of a list, put together from the objects' own cached JSON. */
export function listJson(resource: ResourceDefinition, page: Page): string {
  const head = JSON.stringify({
    kind: resource.listKind,
    apiVersion: apiVersionOf(resource),
    metadata: listMeta(page),
  });
  return `${head.slice(0, -1)},"items":[${page.items.map((item) => itemJson(resource, item)).join(",")}]}`;
}

export function listMeta(page: Page): { resourceVersion: string; continue?: string; remainingItemCount?: number } {
  return {
    resourceVersion: page.resourceVersion,
    ...(page.continueToken !== undefined && { continue: page.continueToken }),
    ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
  };
}
