import type { KubeClient } from "./client.ts";
import { isKubeError } from "./kube-error.ts";
import { freeInMs, type ObservedLease, observeLease, releasedSpec, takenSpec } from "./lease-record.ts";
import type { Lease } from "./objects/coordination.ts";
import { resources } from "./resource.ts";

export interface ShardLeaseOptions {
  namespace: string;
  name: string;
  identity: string;
  leaseDurationMs: number;
  renewDeadlineMs: number;
  clock: { now(): number };
  monotonic: () => number;
}

/** Whether we have seen somebody else hold it, who waits to be succeeded, or it was free when we came. */
export type HowFree = "left behind" | "never held";

/** One Lease that this process tries to hold. */
export interface ShardLease {
  readonly name: string;
  /** How long we may still act on it; 0 when it is not ours. */
  ownedForMs(): number;
  /** True between the decision to take the lease and its outcome. */
  isTaking(): boolean;
  /**
   * Renews our own lease or takes one that has been free for `patienceMs`. Resolves with how long it has to wait when it cannot yet be taken;
   * rejects when the API does, or when another was faster.
   */
  acquireOrRenew(o: { patienceMs: (how: HowFree) => number }): Promise<number>;
  release(): Promise<void>;
}

export function createShardLease(client: KubeClient, o: ShardLeaseOptions): ShardLease {
  const { name, namespace, identity, leaseDurationMs, monotonic } = o;
  let observed: ObservedLease | undefined;
  let ownedUntil = 0;
  let freeSince: number | undefined;
  let taking = false;
  let heldByOthers = false;

  const ownedForMs = () => Math.max(0, ownedUntil - monotonic());

  async function write(lease: Lease, verb: "create" | "replace"): Promise<void> {
    // Counted from before the request: others count from when they see its result, which is later.
    const sentAt = monotonic();
    const written = await client[verb](resources.leases, lease);
    observed = observeLease(observed, written, monotonic());
    ownedUntil = sentAt + o.renewDeadlineMs;
    freeSince = undefined;
  }

  function next(before: Lease | undefined): Lease {
    const spec = takenSpec(before?.spec, { identity, leaseDurationMs, at: o.clock.now() });
    return { ...before, metadata: before?.metadata ?? { name, namespace }, spec };
  }

  /** Our own lease is renewed without reading it first; a 409 says that somebody wrote it meanwhile. */
  function renewable(): Lease | undefined {
    return ownedForMs() > 0 && observed?.lease.spec?.holderIdentity === identity ? observed.lease : undefined;
  }

  return {
    name,
    ownedForMs,
    isTaking: () => taking,
    async acquireOrRenew({ patienceMs }) {
      const mine = renewable();
      if (mine !== undefined) {
        const renewed = await write(next(mine), "replace").then(() => true, ignoreConflict);
        if (renewed) return 0;
      }
      const lease = await client.tryGet(resources.leases, { name, namespace });
      const now = monotonic();
      if (lease !== undefined) observed = observeLease(observed, lease, now);
      const heldForMs =
        lease === undefined || observed === undefined
          ? 0
          : freeInMs(observed, { identity, now, defaultDurationMs: leaseDurationMs });
      if (heldForMs > 0) {
        heldByOthers = true;
        ownedUntil = 0;
        freeSince = undefined;
        return heldForMs;
      }
      freeSince ??= now;
      const waitMs = freeSince + patienceMs(heldByOthers ? "left behind" : "never held") - now;
      if (lease?.spec?.holderIdentity !== identity && waitMs > 0) return waitMs;
      taking = true;
      await write(next(lease), lease === undefined ? "create" : "replace").finally(() => {
        taking = false;
      });
      return 0;
    },
    async release() {
      const mine = renewable();
      ownedUntil = 0;
      if (mine === undefined) return;
      await client.replace(resources.leases, { ...mine, spec: releasedSpec(mine.spec, o.clock.now()) });
    },
  };
}

function ignoreConflict(err: unknown): false {
  if (isKubeError(err, "conflict", "not_found")) return false;
  throw err;
}
