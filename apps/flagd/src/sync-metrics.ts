import type { Metrics } from "@burgee/service-kit";
import { flagdScope } from "./scope.ts";

/** Who reads a sync stream; empty texts are left out of the labels. */
export interface SyncStreamRecord {
  readonly selector: string;
  readonly providerId: string;
}

export type SyncStreamEnd = "normal_close" | "deadline_exceeded" | "client_disconnect" | "error";

export interface SyncMetrics {
  /** Counts a stream as open. Returns what to call when it is over. */
  open(stream: SyncStreamRecord): (reason: SyncStreamEnd) => void;
}

/** Upstream's metrics of sync streams. */
export function createSyncMetrics({ instruments }: Metrics): SyncMetrics {
  const active = instruments.upDownCounter({
    name: "feature_flag.flagd.sync.active_streams",
    unit: "{stream}",
    help: "Measures the number of currently active gRPC sync streaming connections.",
    attributes: ["selector", "provider_id"],
    scope: flagdScope,
  });
  const duration = instruments.histogram({
    name: "feature_flag.flagd.sync.stream.duration",
    unit: "s",
    help: "Measures the duration of gRPC sync streaming connections.",
    attributes: ["selector", "provider_id", "reason"],
    scope: flagdScope,
    bounds: [30, 60, 120, 300, 480, 600, 1_200, 1_800, 3_600, 10_800],
  });
  return {
    open({ selector, providerId }) {
      const labels = {
        ...(selector !== "" && { selector }),
        ...(providerId !== "" && { provider_id: providerId }),
      };
      const startedAt = performance.now();
      const open = active.with(labels);
      open.value += 1;
      return (reason) => {
        open.value -= 1;
        duration.with({ ...labels, reason }).record((performance.now() - startedAt) / 1_000);
      };
    },
  };
}
