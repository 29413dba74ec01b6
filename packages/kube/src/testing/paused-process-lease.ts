/** Short enough for a test to outlast, long enough for a busy machine to keep. */
export const pausedProcessLease = {
  namespace: "burgee",
  name: "shard",
  leaseDurationMs: 1000,
  renewDeadlineMs: 600,
  renewMs: 100,
} as const;

/** What each holder of the lease writes. */
export const writtenByAll = { namespace: "shop", name: "written-by-all" } as const;
