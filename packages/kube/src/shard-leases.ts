import { createHash } from "node:crypto";
import { backOffMs, sleep } from "@burgee/service-kit";
import type { KubeClient, Log } from "./client.ts";
import { isKubeError } from "./kube-error.ts";
import { createShardLease, type HowFree, type ShardLease } from "./shard-lease.ts";

export interface ShardLeasesOptions {
  namespace: string;
  /** Shard i is the Lease `${name}-${i}`. */
  name: string;
  /** Unique per process. */
  identity: string;
  /** Default 1. */
  shards?: number | undefined;
  /** Default 15 000. */
  leaseDurationMs?: number | undefined;
  /** How long a holder keeps acting without a successful renewal; default two thirds of the lease. */
  renewDeadlineMs?: number | undefined;
  /** Between renewals and attempts; default 2 000. */
  renewMs?: number | undefined;
  log: Log;
  /** Epoch milliseconds for the Lease's timestamps, which only people read. */
  clock?: { now(): number } | undefined;
  /** Milliseconds that never jump; all decisions rest on it. Default `performance.now`. */
  monotonic?: (() => number) | undefined;
}

/** Which shards this process may act for. Keys map to shards by hash, the same in every process. */
export interface ShardLeases {
  readonly name: string;
  start(signal: AbortSignal): void;
  /** Gives the leases up, so that another process takes over at once. */
  stop(): Promise<void>;
  /** False from the moment the renew deadline has passed by the local clock, also right after a pause of the process. */
  owns(key: string): boolean;
  /** How long this process may still write for the key, in milliseconds: until before anybody else may take it over. */
  ownedForMs(key: string): number;
  held(): number[];
  shardOf(key: string): number;
  /**
   * Called with the held shards after each change. A shard that was given up to another process is free for it when what listeners return has
   * settled: resolve when nothing is under way for keys that are no longer owned.
   */
  onChange(listener: (held: number[]) => void | Promise<void>): () => void;
}

/** What is left behind is looked for this often, unless there are very many shards. */
const lookMs = 500;
const lookMsPerShard = 25;
/** How much longer than others everybody else waits for a shard that was given up for one process: that one may have gone. */
const courtesyMs = 1000;
/** Within this time of being left behind every shard is taken, by those who hold fewest first. */
const successionMs = 750;

/**
 * Starts without a shard. At the start a process that holds k shards waits k renewal times longer before it takes another, so that several
 * share; what another process leaves behind is taken within two seconds. A process that comes later asks for shards of those who hold at least
 * two more than it does.
 */
export function createShardLeases(client: KubeClient, o: ShardLeasesOptions): ShardLeases {
  const count = o.shards ?? 1;
  const renewMs = o.renewMs ?? 2000;
  const leaseDurationMs = o.leaseDurationMs ?? 15_000;
  const renewDeadlineMs = o.renewDeadlineMs ?? (leaseDurationMs * 2) / 3;
  const lookAgainMs = Math.min(renewMs, Math.max(lookMs, lookMsPerShard * count));
  const successionStepMs = Math.min(renewMs, successionMs / count);
  const stepMs = { "never held": renewMs, "left behind": successionStepMs, "for another": successionStepMs } as const;
  const monotonic = o.monotonic ?? (() => performance.now());
  // A renewal that hangs must not cost the lease: give up early enough to try again.
  const hasty = client.withoutWaiting().withTimeout(Math.max(500, renewDeadlineMs / 3));
  const shards = Array.from({ length: count }, (_, i) =>
    createShardLease(hasty, {
      namespace: o.namespace,
      name: `${o.name}-${i}`,
      identity: o.identity,
      leaseDurationMs,
      renewDeadlineMs,
      clock: o.clock ?? { now: () => Date.now() },
      monotonic,
      finished: () => {
        tellChange();
        return settled;
      },
    }),
  );
  const listeners = new Set<(held: number[]) => void | Promise<void>>();
  const controller = new AbortController();
  let told = "";
  /** Resolves when listeners have done with all changes that they were told of. */
  let settled: Promise<void> = Promise.resolve();
  let loops: Promise<unknown> | undefined;
  let expiry: NodeJS.Timeout | undefined;

  const ownedForMs = (key: string) => shards[shardOf(key, count)]?.ownedForMs() ?? 0;
  const held = () => shards.flatMap((shard, i) => (shard.ownedForMs() > 0 ? [i] : []));

  function tellChange(): void {
    const now = held();
    watchExpiry();
    if (String(now) === told) return;
    told = String(now);
    o.log.info({ lease: o.name, identity: o.identity, shards: now }, "held shards changed");
    settled = Promise.all([settled, ...[...listeners].map((listener) => listener(now))]).then(() => undefined);
  }

  /** Listeners hear of a lease that ran out even when no renewal comes back to tell. */
  function watchExpiry(): void {
    clearTimeout(expiry);
    const left = shards.map((shard) => shard.ownedForMs()).filter((ms) => ms > 0);
    if (left.length > 0) expiry = setTimeout(tellChange, Math.min(...left) + 1);
  }

  const othersOf = (shard: ShardLease) =>
    shards.filter((s) => s !== shard && (s.ownedForMs() > 0 || s.isTaking())).length;

  /** A shard that was asked for counts as its next holder's. */
  async function askIfFair(shard: ShardLease): Promise<void> {
    if (!shard.canBeAsked()) return;
    const holder = shard.expectedHolder();
    const shareOf = (who: string | undefined) => shards.filter((s) => s.expectedHolder() === who).length;
    if (shareOf(holder) - shareOf(o.identity) >= 2) await shard.ask();
  }

  async function keep(shard: ShardLease, signal: AbortSignal): Promise<void> {
    let failures = 0;
    let waitMs = 0;
    while (!signal.aborted) {
      try {
        waitMs = await shard.acquireOrRenew({ patienceMs: (how) => othersOf(shard) * stepMs[how] + courtesy(how) });
        if (waitMs > 0) await askIfFair(shard);
        failures = 0;
      } catch (err) {
        const lost = isKubeError(err, "conflict", "already_exists");
        failures = lost ? 0 : failures + 1;
        o.log[failures === 1 ? "warn" : "debug"]({ lease: shard.name, err }, "lease not renewed, trying again");
      }
      tellChange();
      // What is held must be renewed in time whatever the API does; what is not can wait longer and longer.
      const backOff = () => backOffMs(failures, { firstDelayMs: renewMs, maxDelayMs: leaseDurationMs / 2 });
      const idleMs = failures === 0 ? Math.min(lookAgainMs, waitMs > 0 ? waitMs + 1 : renewMs) : backOff();
      const delayMs = shard.ownedForMs() > 0 ? renewMs : idleMs;
      await sleep(delayMs, signal).catch(() => undefined);
    }
  }

  return {
    name: `leases ${o.name}`,
    start(signal) {
      const own = AbortSignal.any([signal, controller.signal]);
      loops ??= Promise.all(shards.map((shard) => keep(shard, own)));
    },
    async stop() {
      controller.abort();
      await loops;
      await Promise.all(
        shards.map((shard) =>
          shard
            .release()
            .catch((err: unknown) => o.log.warn({ lease: shard.name, err }, "lease not released, it will expire")),
        ),
      );
      tellChange();
    },
    owns: (key) => ownedForMs(key) > 0,
    ownedForMs,
    held,
    shardOf: (key) => shardOf(key, count),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const courtesy = (how: HowFree): number => (how === "for another" ? courtesyMs : 0);

function shardOf(key: string, count: number): number {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % count;
}
