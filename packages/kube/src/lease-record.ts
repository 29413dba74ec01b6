import type { Lease } from "./objects/coordination.ts";

/** One shard's Lease as we last saw it, and when that was by our own clock. */
export interface ObservedLease {
  lease: Lease;
  /** Monotonic milliseconds of the first time we saw exactly this record. */
  seenAt: number;
}

/**
 * Keeps the time of first sight as long as nobody has written the lease again. Versions are compared, not the times in it:
 * the holder's clock may be wrong or stand still.
 */
export function observeLease(before: ObservedLease | undefined, lease: Lease, now: number): ObservedLease {
  const { uid, resourceVersion } = lease.metadata;
  const known = before?.lease.metadata;
  const same = known !== undefined && known.uid === uid && known.resourceVersion === resourceVersion;
  return { lease, seenAt: same && before !== undefined ? before.seenAt : now };
}

/** On a Lease: the process that asks its holder for it. An annotation, because the API server drops spec.preferredHolder on most clusters. */
const wantedByAnnotation = "burgee.dev/wanted-by";

/** Who asks the holder for the lease; undefined when nobody does. */
export function wantedBy({ metadata }: Lease): string | undefined {
  return metadata.annotations?.[wantedByAnnotation];
}

/** The lease as it is, with the holder asked to give it to us. */
export function askedFor(lease: Lease, identity: string): Lease {
  const annotations = { ...lease.metadata.annotations, [wantedByAnnotation]: identity };
  return { ...lease, metadata: { ...lease.metadata, annotations } };
}

/** The metadata of a lease that nobody asks for any more. */
export function unasked(metadata: Lease["metadata"]): Lease["metadata"] {
  const { [wantedByAnnotation]: _, ...annotations } = metadata.annotations ?? {};
  return { ...metadata, annotations };
}

/** How long until it is free: until its holder has not renewed it for as long as it promised to. 0 when nobody holds it, or we do. */
export function freeInMs(seen: ObservedLease, o: { identity: string; now: number; defaultDurationMs: number }): number {
  const { holderIdentity, leaseDurationSeconds } = seen.lease.spec ?? {};
  if (!holderIdentity || holderIdentity === o.identity) return 0;
  const durationMs = leaseDurationSeconds === undefined ? o.defaultDurationMs : leaseDurationSeconds * 1000;
  return Math.max(0, seen.seenAt + durationMs - o.now);
}

/** The Lease's spec when we take it or renew it. */
export function takenSpec(
  before: Lease["spec"] | undefined,
  o: { identity: string; leaseDurationMs: number; at: number },
): NonNullable<Lease["spec"]> {
  const time = microTime(o.at);
  const ours = before?.holderIdentity === o.identity;
  return {
    holderIdentity: o.identity,
    leaseDurationSeconds: Math.max(1, Math.ceil(o.leaseDurationMs / 1000)),
    acquireTime: (ours ? before.acquireTime : undefined) ?? time,
    renewTime: time,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (before === undefined || ours ? 0 : 1),
  };
}

/** The spec that lets another process take over at once, as client-go leaves it. */
export function releasedSpec(before: Lease["spec"], at: number): NonNullable<Lease["spec"]> {
  const time = microTime(at);
  return {
    holderIdentity: "",
    leaseDurationSeconds: 1,
    acquireTime: time,
    renewTime: time,
    leaseTransitions: before?.leaseTransitions ?? 0,
  };
}

/** Lease times are metav1.MicroTime: six digits after the point, or some clients refuse them. */
function microTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}
