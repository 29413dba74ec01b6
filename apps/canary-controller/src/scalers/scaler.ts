// What a kind of autoscaler is, and the target's and the primary's as one pass saw them.
import type { Canary } from "@burgee/contracts/crd";
import type { KubeClient, KubeObject, Resource } from "@burgee/kube";
import type { Observation } from "@burgee/rollout-engine";
import type { CachedReader } from "../cached-reader.ts";
import { primaryName } from "../workloads/selector-label.ts";

/** One kind of autoscaler. Everything is pure. */
export interface ScalerKind<T extends KubeObject> {
  readonly resource: Resource<T>;
  /** As upstream's events call it. */
  readonly title: string;
  /** Replicas that a workload starts with when it is scaled up. */
  minimum(source: T): number | undefined;
  isPaused(source: T): boolean;
  /** Merge patch that pauses the target's, or lets it go; undefined for a kind that rests by itself at zero replicas. */
  pausing(pause: boolean): object | undefined;
  /** The primary's to create when there is none. */
  newPrimary(source: T, canary: Canary): T;
  /** The existing one brought in line with the source, or undefined when nothing needs to change. */
  aligned(live: T, source: T, canary: Canary): T | undefined;
}

/** What a kind works with. */
export interface ScalerContext {
  client: KubeClient;
  reader: CachedReader;
  canary: Canary;
}

/** Autoscalers of one Canary, with what can be done to them. Every write is guarded by the version seen. */
export interface ScalerInView {
  seen: NonNullable<Observation["autoscaler"]>;
  minimum: number | undefined;
  reconcilePrimary(o: { update: boolean }): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** A kind whose objects can be read, whatever they are. */
export interface AnyScaler {
  /** Reads both. Rejects with KubeError when the API fails. */
  observe(context: ScalerContext): Promise<ScalerInView>;
}

/** Makes a kind readable. */
export function scaler<T extends KubeObject>(kind: ScalerKind<T>): AnyScaler {
  return {
    async observe(context) {
      const { reader, canary } = context;
      const { namespace } = canary.metadata;
      const name = canary.spec.autoscalerRef?.name ?? "";
      const [source, primary] = await Promise.all([
        reader.tryGet(kind.resource, { namespace, name }),
        reader.tryGet(kind.resource, { namespace, name: primaryName(name) }),
      ]);
      return inView(kind, { source, primary }, context);
    },
  };
}

function notFound<T extends KubeObject>({ title, resource }: ScalerKind<T>, { metadata, spec }: Canary): string {
  const name = spec.autoscalerRef?.name ?? "";
  return `${title} ${name}.${metadata.namespace} get query error: ${resource.plural}.${resource.group} "${name}" not found`;
}

function inView<T extends KubeObject>(
  kind: ScalerKind<T>,
  { source, primary }: { source: T | undefined; primary: T | undefined },
  { client, reader, canary }: ScalerContext,
): ScalerInView {
  const { resource } = kind;
  const aligned = () => (source && primary ? kind.aligned(primary, source, canary) : undefined);

  async function pausing(pause: boolean): Promise<void> {
    const patch = kind.pausing(pause);
    if (source === undefined || patch === undefined || kind.isPaused(source) === pause) return;
    const { name, namespace, resourceVersion } = source.metadata;
    reader.wrote(
      resource,
      await client.patch(resource, { name, namespace }, patch, { type: "merge", resourceVersion }),
    );
  }

  return {
    seen: {
      ...(source === undefined ? { state: "missing", message: notFound(kind, canary) } : { state: "present" }),
      paused: source !== undefined && kind.isPaused(source),
      primary: primary === undefined ? "missing" : aligned() === undefined ? "ok" : "drifted",
    },
    minimum: source && kind.minimum(source),
    async reconcilePrimary({ update }) {
      if (source === undefined) return;
      if (primary === undefined) {
        reader.wrote(resource, await client.create(resource, kind.newPrimary(source, canary)));
        return;
      }
      const wanted = update ? aligned() : undefined;
      if (wanted !== undefined) reader.wrote(resource, await client.replace(resource, wanted));
    },
    pause: () => pausing(true),
    resume: () => pausing(false),
  };
}
