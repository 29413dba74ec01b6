import type { Counter, Gauge, Histogram, Registry } from "prom-client";

interface MetricOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
}

/** The app's Prometheus metrics. Making the same name twice is an error. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(o: MetricOptions<L>): Counter<L>;
  /** `collect` is called before every scrape, to set the value. */
  gauge<L extends string = never>(
    o: MetricOptions<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L>;
  histogram<L extends string = never>(o: MetricOptions<L> & { buckets?: readonly number[] }): Histogram<L>;
}
