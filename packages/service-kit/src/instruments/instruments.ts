import { Count, Distribution } from "./measures.ts";
import { type InstrumentKind, prometheusName } from "./prometheus-name.ts";

/** Attributes of one series, under their OpenTelemetry names. */
export type Attributes = Readonly<Record<string, string>>;

/** The library or part that measures; shown as `otel_scope_name`, `otel_scope_version` and `otel_scope_schema_url`. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

/** An instrument as OpenTelemetry describes it. */
export interface InstrumentOptions<A extends string> {
  /** OpenTelemetry's name; the one on the Prometheus page is derived from it: dots become underscores, unit and `_total` are added. */
  readonly name: string;
  /** UCUM, as OpenTelemetry has it: `s`, `ms`, `By`, or `{thing}`. */
  readonly unit?: string;
  readonly help: string;
  /** Every attribute that a series may have. */
  readonly attributes?: readonly A[];
  /** Without one the Prometheus page shows no scope labels. */
  readonly scope?: Scope;
}

/** A histogram with bounds of its own. */
export interface HistogramInstrumentOptions<A extends string> extends InstrumentOptions<A> {
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[];
}

/** What is measured for each set of attributes. */
export interface Family<A extends string, T> {
  /** The same object for the same attributes. Get it once and keep it: finding it costs more than measuring. */
  with(attributes: Readonly<Partial<Record<A, string>>>): T;
  /** All that there are. */
  series(): Iterable<Series<T>>;
}

export interface Series<T> {
  readonly attributes: Attributes;
  readonly measure: T;
}

interface Described {
  readonly name: string;
  readonly prometheusName: string;
  readonly unit: string;
  readonly help: string;
  readonly attributes: readonly string[];
  readonly scope: Scope | undefined;
}

/** An instrument and all it has measured. */
export type Instrument =
  | (Described & { readonly kind: "counter" | "upDownCounter"; readonly series: () => Iterable<Series<Count>> })
  | (Described & { readonly kind: "histogram"; readonly series: () => Iterable<Series<Distribution>> });

/** Measures whose place is found once and that cost an addition from then on; for the Prometheus page and for OTLP alike. */
export interface Instruments {
  counter<A extends string = never>(o: InstrumentOptions<A>): Family<A, Count>;
  upDownCounter<A extends string = never>(o: InstrumentOptions<A>): Family<A, Count>;
  histogram<A extends string = never>(o: HistogramInstrumentOptions<A>): Family<A, Distribution>;
  /** Called before every reading, for measures that are kept elsewhere meanwhile. */
  beforeRead(update: () => void): void;
  /** Everything measured so far. */
  read(): readonly Instrument[];
}

/** Series of one instrument; what comes after them is counted in one series with {@link overflow}. OpenTelemetry's number. */
export const seriesLimit = 2_000;

/** Stands for the attributes of all series over the limit. */
export const overflow: Attributes = { "otel.metric.overflow": "true" };

/** Instruments that cost an addition a measurement; read them for the Prometheus page or to push them. */
export function createInstruments(): Instruments {
  const all: Instrument[] = [];
  const updates: (() => void)[] = [];
  const described = (kind: InstrumentKind, o: InstrumentOptions<string>): Described => ({
    name: o.name,
    prometheusName: prometheusName(kind, o),
    unit: o.unit ?? "",
    help: o.help,
    attributes: o.attributes ?? [],
    scope: o.scope,
  });
  const counts = (kind: "counter" | "upDownCounter", o: InstrumentOptions<string>): Family<string, Count> => {
    const { family, series } = createFamily(o.attributes ?? [], () => new Count());
    all.push({ kind, series, ...described(kind, o) });
    return family;
  };
  return {
    counter: (o) => counts("counter", o),
    upDownCounter: (o) => counts("upDownCounter", o),
    histogram(o) {
      const { family, series } = createFamily(o.attributes ?? [], () => new Distribution(o.bounds));
      all.push({ kind: "histogram", series, ...described("histogram", o) });
      return family;
    },
    beforeRead: (update) => updates.push(update),
    read() {
      for (const update of updates) update();
      return all;
    },
  };
}

function createFamily<T>(
  names: readonly string[],
  create: () => T,
): { family: Family<string, T>; series: () => Iterable<Series<T>> } {
  const known = new Map<string, Series<T>>();
  const place = (key: string, attributes: Attributes): T => {
    const measure = create();
    known.set(key, { attributes, measure });
    return measure;
  };
  const series = (): Iterable<Series<T>> => known.values();
  return {
    family: {
      with(attributes) {
        let key = "";
        for (const name of names) key += `${attributes[name] ?? absent}${separator}`;
        const found = known.get(key);
        if (found !== undefined) return found.measure;
        // The last place is kept for the overflow.
        if (known.size < seriesLimit - 1) return place(key, given(attributes));
        return known.get(overflowKey)?.measure ?? place(overflowKey, overflow);
      },
      series,
    },
    series,
  };
}

// No characters: they stand in no text that means something.
const separator = "\uFFFE";
const absent = "\uFFFF";
const overflowKey = "overflow";

function given(attributes: Readonly<Partial<Record<string, string>>>): Attributes {
  const entries = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries);
}
