import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface MetricOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
}

export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /** Called before every scrape, to set the value. */
  readonly collect?: (gauge: Gauge<L>) => void | Promise<void>;
}

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  readonly buckets?: readonly number[];
}

/** The app's Prometheus metrics. Making the same name twice is an error. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(o: MetricOptions<L>): Counter<L>;
  gauge<L extends string = never>(o: GaugeOptions<L>): Gauge<L>;
  histogram<L extends string = never>(o: HistogramOptions<L>): Histogram<L>;
}

export interface MetricsOptions {
  /** Also collect the CPU, memory, event loop and garbage collection of the process. Default false. */
  readonly process?: boolean;
}

/** An empty registry with makers that register into it. */
export function createMetrics(o: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (o.process === true) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    counter: ({ name, help, labelNames = [] }) => new Counter({ name, help, labelNames, registers }),
    gauge<L extends string>({ name, help, labelNames = [], collect }: GaugeOptions<L>): Gauge<L> {
      const gauge: Gauge<L> = new Gauge({ name, help, labelNames, registers, collect: () => collect?.(gauge) });
      return gauge;
    },
    histogram: ({ name, help, labelNames = [], buckets }) =>
      new Histogram({ name, help, labelNames, registers, ...(buckets === undefined ? {} : { buckets: [...buckets] }) }),
  };
}
