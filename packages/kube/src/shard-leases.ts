import type { KubeClient, Log } from "./client.ts";

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
  held(): number[];
  shardOf(key: string): number;
  /** Called with the held shards after each change. */
  onChange(listener: (held: number[]) => void): () => void;
}

export declare function createShardLeases(client: KubeClient, o: ShardLeasesOptions): ShardLeases;
