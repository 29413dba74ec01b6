import type { Metrics } from "@burgee/service-kit";

/** What the bus counts. */
export interface BusMetrics {
  published(stream: string, result: "accepted" | "duplicate" | "full" | "unavailable"): void;
  delivered(stream: string, group: string, attempt: number): void;
  buried(stream: string, group: string): void;
  up(isUp: boolean): void;
}

/** Reads the entries a group has not acknowledged; undefined while unknown. */
export interface LagSource {
  readonly stream: string;
  readonly group: string;
  lag(): Promise<number | undefined>;
}

/** Defines the metrics of the bus in the app's registry; without one nothing is counted. */
export function createBusMetrics(metrics: Metrics | undefined, lags: ReadonlySet<LagSource>): BusMetrics {
  if (metrics === undefined) return { published() {}, delivered() {}, buried() {}, up() {} };
  const published = metrics.counter({
    name: "burgee_bus_published_total",
    help: "Entries given to a stream, by what came of it",
    labelNames: ["stream", "result"],
  });
  const delivered = metrics.counter({
    name: "burgee_bus_delivered_total",
    help: "Deliveries to a handler, first ones and repeated ones",
    labelNames: ["stream", "group", "repeated"],
  });
  const buried = metrics.counter({
    name: "burgee_bus_dead_letters_total",
    help: "Entries moved to the dead letter stream",
    labelNames: ["stream", "group"],
  });
  const up = metrics.gauge({ name: "burgee_bus_up", help: "1 while the streams can be reached" });
  metrics.gauge({
    name: "burgee_bus_lag_entries",
    help: "Entries that the group has not acknowledged",
    labelNames: ["stream", "group"],
    async collect(gauge) {
      for (const source of lags) {
        const lag = await source.lag();
        if (lag !== undefined) gauge.set({ stream: source.stream, group: source.group }, lag);
      }
    },
  });
  up.set(0);
  return {
    published: (stream, result) => published.inc({ stream, result }),
    delivered: (stream, group, attempt) => delivered.inc({ stream, group, repeated: String(attempt > 1) }),
    buried: (stream, group) => buried.inc({ stream, group }),
    up: (isUp) => up.set(isUp ? 1 : 0),
  };
}
