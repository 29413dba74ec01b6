import type { FeatureFlag, FlagOverride } from "@burgee/contracts/crd";
import { isObject } from "@burgee/flag-engine";
import { layOverrides } from "@burgee/flag-sync/kubernetes";
import { flagChanges, type ServedChange, type ServedFlags } from "./flag-changes.ts";

/** One change of the flags behind `namespace/name`. */
export interface TrackedChange {
  readonly selector: string;
  readonly changes: readonly ServedChange[];
  /** Grows with every change of the selector. */
  readonly version: number;
  /** The same in every replica that sees the change: what told of it and its version. */
  readonly id: string;
  readonly atMs: number;
}

/** The objects as an informer holds them. */
export interface FlagObjects {
  readonly flags: { list(): FeatureFlag[]; get(namespace: string, name: string): FeatureFlag | undefined };
  readonly overrides: { list(): FlagOverride[] };
}

/** Turns events about objects into changes of what is served. */
export interface ChangeTracker {
  /** Takes what is served now as known. */
  baseline(nowMs: number): void;
  /** Looks at one selector again. `cause` names the event that led to it. */
  look(
    selector: string,
    o: { readonly cause: string; readonly resourceVersion?: string | undefined; readonly nowMs: number },
  ): TrackedChange | undefined;
  /** When the next override runs out, and the selectors it touches. */
  nextExpiry(): { readonly atMs: number; readonly selectors: readonly string[] } | undefined;
}

interface Known extends ServedFlags {
  readonly version: number;
  readonly expiryMs: number | undefined;
}

/** Knows of no flags until `baseline`. */
export function createChangeTracker({ flags, overrides }: FlagObjects): ChangeTracker {
  const known = new Map<string, Known>();

  function served(selector: string, nowMs: number): (ServedFlags & { expiryMs: number | undefined }) | undefined {
    const [namespace = "", name = ""] = selector.split("/");
    const flag = flags.get(namespace, name);
    if (flag === undefined) return undefined;
    const spec: unknown = flag.spec?.flagSpec;
    const mine = overrides.list().filter((o) => o.metadata.namespace === namespace && o.spec?.flagRef?.name === name);
    const laid = layOverrides(isObject(spec) ? spec : {}, mine, nowMs);
    return { document: laid.document, owners: laid.owners, expiryMs: laid.nextExpiryMs };
  }

  return {
    baseline(nowMs) {
      known.clear();
      for (const { metadata } of flags.list()) {
        const selector = `${metadata.namespace}/${metadata.name}`;
        const now = served(selector, nowMs);
        if (now !== undefined) known.set(selector, { ...now, version: numeric(metadata.resourceVersion) });
      }
    },
    look(selector, { cause, resourceVersion, nowMs }) {
      const before = known.get(selector);
      const now = served(selector, nowMs);
      const version = Math.max(numeric(resourceVersion), (before?.version ?? 0) + 1);
      const changes = flagChanges(before, now);
      if (now === undefined) known.delete(selector);
      else known.set(selector, { ...now, version: changes.length > 0 ? version : (before?.version ?? version) });
      if (changes.length === 0) return undefined;
      return { selector, changes, version, id: `${selector}@${cause}`, atMs: nowMs };
    },
    nextExpiry() {
      const soon = [...known].filter(([, { expiryMs }]) => expiryMs !== undefined);
      const atMs = Math.min(...soon.map(([, { expiryMs }]) => expiryMs ?? Infinity));
      if (soon.length === 0) return undefined;
      return { atMs, selectors: soon.filter(([, { expiryMs }]) => expiryMs === atMs).map(([selector]) => selector) };
    },
  };
}

/** Kubernetes promises only that versions are opaque; in practice they are growing numbers. Anything else counts up from here. */
function numeric(resourceVersion: string | undefined): number {
  const n = Number(resourceVersion);
  return Number.isSafeInteger(n) ? n : 0;
}
