import { setImmediate } from "node:timers/promises";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type Attributes, createInstruments, type Instruments } from "./instruments/instruments.ts";
import { prometheusPage } from "./instruments/prometheus-page.ts";

/** A metric by its name in Prometheus, with the unit at its end. */
export interface MetricOptions<L extends string> {
  readonly name: string;
  /** What people read on the page and in the reference. */
  readonly help: string;
  /** Their values must be few: no users, URLs or errors. */
  readonly labelNames?: readonly L[];
}

/** A value that goes up and down. */
export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /** Called before every scrape, to set the value. */
  readonly collect?: (gauge: Gauge<L>) => void | Promise<void>;
}

/** Observations counted by size. */
export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds, ascending, in the unit of the name. Default: prom-client's, 5 ms to 10 s. */
  readonly buckets?: readonly number[];
}

/** The app's Prometheus metrics. Making the same name twice is an error. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(o: MetricOptions<L>): Counter<L>;
  gauge<L extends string = never>(o: GaugeOptions<L>): Gauge<L>;
  histogram<L extends string = never>(o: HistogramOptions<L>): Histogram<L>;
  /** For what is measured with every request, and for what OTLP carries too. */
  readonly instruments: Instruments;
  /** Takes the instruments from the page: another exporter has them. */
  hideInstruments(): void;
  /** The page of /metrics. */
  page(): Promise<string>;
}

/** What the page of metrics shows beside the metrics of the app. */
export interface MetricsOptions {
  /** Also collect the CPU, memory, event loop and garbage collection of the process. Default false. */
  readonly process?: boolean;
  /** What measures, for `target_info`, under OpenTelemetry's names. */
  readonly resource?: Attributes;
}

/** An empty registry with makers that register into it. */
export function createMetrics(o: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (o.process === true) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const instruments = createInstruments();
  let hidden = false;
  return {
    registry,
    instruments,
    hideInstruments() {
      hidden = true;
    },
    async page() {
      const texts: string[] = [];
      for (const { name } of registry.getMetricsAsArray()) {
        texts.push(await registry.getSingleMetricAsString(name));
        // A metric can have thousands of series: whatever else the process does has its turn in between.
        await setImmediate();
      }
      const own = texts.map((text) => `${text}\n`).join("\n");
      return hidden ? own : `${own}${own === "" ? "" : "\n"}${prometheusPage(instruments.read(), o.resource ?? {})}`;
    },
    counter: ({ name, help, labelNames = [] }) => new Counter({ name, help, labelNames, registers }),
    gauge<L extends string>({ name, help, labelNames = [], collect }: GaugeOptions<L>): Gauge<L> {
      const gauge: Gauge<L> = new Gauge({ name, help, labelNames, registers, collect: () => collect?.(gauge) });
      return gauge;
    },
    histogram: ({ name, help, labelNames = [], buckets }) =>
      new Histogram({ name, help, labelNames, registers, ...(buckets === undefined ? {} : { buckets: [...buckets] }) }),
  };
}
