import type { ResourceDefinition } from "./resource.ts";

/** The kinds that are served, by the names requests use. */
export class Registry {
  readonly #byPath = new Map<string, ResourceDefinition>();
  #revision = 0;

  /** Grows with every change, for caches of discovery documents. */
  get revision(): number {
    return this.#revision;
  }

  add(resource: ResourceDefinition): void {
    this.#byPath.set(`${resource.group}/${resource.version}/${resource.plural}`, resource);
    this.#revision++;
  }

  /** Stops serving all versions of a hub. */
  removeHub(hub: string): void {
    for (const [path, resource] of this.#byPath) if (resource.hub === hub) this.#byPath.delete(path);
    this.#revision++;
  }

  find(group: string, version: string, plural: string): ResourceDefinition | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  all(): ResourceDefinition[] {
    return [...this.#byPath.values()];
  }

  /** Served versions per group, the preferred one first. */
  groups(): Map<string, string[]> {
    const groups = new Map<string, Set<string>>();
    for (const { group, version } of this.#byPath.values()) {
      const versions = groups.get(group) ?? new Set();
      groups.set(group, versions.add(version));
    }
    return new Map([...groups].map(([group, versions]) => [group, [...versions].sort(byPriority)]));
  }
}

/** Kubernetes' order: v2 before v1 before v1beta2 before v1alpha1 before anything else. */
export function byPriority(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  const decisive = left.findIndex((value, index) => value !== right[index]);
  return decisive < 0 ? a.localeCompare(b) : (right[decisive] ?? 0) - (left[decisive] ?? 0);
}

function rank(version: string): number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return [-1, 0, 0];
  const [, major, stage, minor] = match;
  return [stage === undefined ? 2 : stage === "beta" ? 1 : 0, Number(major), Number(minor ?? 0)];
}
