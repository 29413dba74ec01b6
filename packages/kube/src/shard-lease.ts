import { sleep } from "@burgee/service-kit";
import type { KubeClient } from "./client.ts";
import { isKubeError } from "./kube-error.ts";
import {
  askedFor,
  freeInMs,
  type ObservedLease,
  observeLease,
  releasedSpec,
  takenSpec,
  unasked,
  wantedBy,
} from "./lease-record.ts";
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
  /** Called when the lease is about to be given up, from when on it is no longer ours: resolves when nothing is under way that still writes. */
  finished: () => Promise<void>;
}

/** Whether we have seen somebody else hold it, who waits to be succeeded, or it was free when we came; or it was given up for another process. */
export type HowFree = "left behind" | "never held" | "for another";

/** One Lease that this process tries to hold. */
export interface ShardLease {
  readonly name: string;
  /** How long we may still act on it; 0 when it is not ours. */
  ownedForMs(): number;
  /** True between the decision to take the lease and its outcome. */
  isTaking(): boolean;
  /** Who has asked for it or, without such a one, holds it, as we last saw it; undefined when nobody does. */
  expectedHolder(): string | undefined;
  /** Whether somebody else holds it whom nobody has asked for it. */
  canBeAsked(): boolean;
  /** Asks the holder to give it to us. Rejects when the API does, or when it was written meanwhile. */
  ask(): Promise<void>;
  /**
   * Renews our own lease or takes one that has been free for `patienceMs`; gives it up when another process has asked for it. Resolves with how
   * long it has to wait when it cannot yet be taken; rejects when the API does, or when another was faster.
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

  function otherHolder(seen: ObservedLease): string | undefined {
    const heldForMs = freeInMs(seen, { identity, now: monotonic(), defaultDurationMs: leaseDurationMs });
    return heldForMs > 0 ? seen.lease.spec?.holderIdentity : undefined;
  }

  function next(before: Lease | undefined): Lease {
    const spec = takenSpec(before?.spec, { identity, leaseDurationMs, at: o.clock.now() });
    return { ...before, metadata: before === undefined ? { name, namespace } : unasked(before.metadata), spec };
  }

  /** What is under way may write until the others could have taken the lease anyway, had we not given it up. */
  async function giveUp(lease: Lease): Promise<void> {
    const leftMs = ownedForMs();
    ownedUntil = 0;
    const over = new AbortController();
    await Promise.race([o.finished(), sleep(leftMs, over.signal)]).finally(() => over.abort());
    const released = await client.replace(resources.leases, {
      ...lease,
      spec: releasedSpec(lease.spec, o.clock.now()),
    });
    observed = observeLease(observed, released, monotonic());
    freeSince = undefined;
  }

  /** Our own lease is renewed without reading it first; a 409 says that somebody wrote it meanwhile. */
  function renewable(): Lease | undefined {
    return ownedForMs() > 0 && observed?.lease.spec?.holderIdentity === identity ? observed.lease : undefined;
  }

  return {
    name,
    ownedForMs,
    isTaking: () => taking,
    expectedHolder() {
      if (taking || ownedForMs() > 0) return identity;
      return observed && (wantedBy(observed.lease) ?? otherHolder(observed));
    },
    canBeAsked: () => observed !== undefined && !wantedBy(observed.lease) && otherHolder(observed) !== undefined,
    async ask() {
      if (observed === undefined) return;
      const before = observed;
      // It counts from now on, so that no more is asked for than is fair. That we have written it is no sign of life of its holder.
      observed = { lease: askedFor(before.lease, identity), seenAt: before.seenAt };
      try {
        const lease = await client.replace(resources.leases, observed.lease);
        observed = { lease, seenAt: before.seenAt };
      } catch (err) {
        observed = before;
        throw err;
      }
    },
    async acquireOrRenew({ patienceMs }) {
      const mine = renewable();
      if (mine !== undefined) {
        const renewed = await write(next(mine), "replace").then(() => true, ignoreConflict);
        if (renewed) return 0;
      }
      const lease = await client.tryGet(resources.leases, { name, namespace });
      const now = monotonic();
      if (lease !== undefined) observed = observeLease(observed, lease, now);
      const wanted = lease === undefined ? undefined : wantedBy(lease);
      const isForAnother = wanted !== undefined && wanted !== identity;
      if (lease !== undefined && isForAnother && ownedForMs() > 0 && lease.spec?.holderIdentity === identity) {
        await giveUp(lease);
        return patienceMs("for another");
      }
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
      const how = isForAnother ? "for another" : heldByOthers ? "left behind" : "never held";
      const waitMs = freeSince + patienceMs(how) - now;
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
