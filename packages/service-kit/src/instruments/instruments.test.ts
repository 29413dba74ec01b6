import { describe, expect, it } from "vitest";
import { goFloat } from "./go-float.ts";
import { createInstruments, seriesLimit } from "./instruments.ts";
import { prometheusName } from "./prometheus-name.ts";
import { prometheusPage } from "./prometheus-page.ts";

describe("prometheusName", () => {
  const cases: Record<string, [Parameters<typeof prometheusName>, string]> = {
    "adds _total to counters": [["counter", { name: "flag_evaluations" }], "flag_evaluations_total"],
    "leaves units in braces out": [
      ["counter", { name: "feature_flag.flagd.impression", unit: "{impression}" }],
      "feature_flag_flagd_impression_total",
    ],
    "spells units out": [
      ["histogram", { name: "http.server.request.duration", unit: "s" }],
      "http_server_request_duration_seconds",
    ],
    "does not repeat the unit": [["histogram", { name: "load.seconds", unit: "s" }], "load_seconds"],
    "keeps gauges as they are": [
      ["upDownCounter", { name: "http.server.active_requests", unit: "{request}" }],
      "http_server_active_requests",
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [args, expected]) => {
    expect(prometheusName(...args)).toBe(expected);
  });
});

it("numbers are written as Go does", () => {
  const numbers = [0, 1, 0.005, 1e-4, 2.5e-6, 999_999, 1e6, 1.5e9, 1e21, Number.POSITIVE_INFINITY, Number.NaN];
  expect(numbers.map(goFloat)).toEqual([
    "0",
    "1",
    "0.005",
    "0.0001",
    "2.5e-06",
    "999999",
    "1e+06",
    "1.5e+09",
    "1e+21",
    "+Inf",
    "NaN",
  ]);
});

describe("the page", () => {
  it("shows counters, gauges and cumulative histograms with their scope, and the resource", () => {
    const instruments = createInstruments();
    const scope = { name: "flagd", version: "1.2" };
    const asked = instruments.counter({ name: "a.asked", help: "How\noften", attributes: ["who"], scope });
    asked.with({ who: 'O"Neil\\' }).add(2);
    asked.with({ who: 'O"Neil\\' }).add(1);
    instruments.upDownCounter({ name: "open", help: "Open" }).with({}).add(-1);
    const took = instruments.histogram({ name: "took", unit: "ms", help: "Took", bounds: [0, 5] }).with({});
    for (const value of [0, 5, 6, 7]) took.record(value);
    instruments.counter({ name: "never", help: "Not measured" });
    expect(prometheusPage(instruments.read(), { "service.name": "flagd" })).toBe(`# HELP a_asked_total How\\noften
# TYPE a_asked_total counter
a_asked_total{otel_scope_name="flagd",otel_scope_schema_url="",otel_scope_version="1.2",who="O\\"Neil\\\\"} 3
# HELP open Open
# TYPE open gauge
open -1
# HELP took_milliseconds Took
# TYPE took_milliseconds histogram
took_milliseconds_bucket{le="0"} 1
took_milliseconds_bucket{le="5"} 2
took_milliseconds_bucket{le="+Inf"} 4
took_milliseconds_sum 18
took_milliseconds_count 4
# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="flagd"} 1
`);
  });

  it("has each name once, although several scopes measure under it", () => {
    const instruments = createInstruments();
    for (const name of ["one", "two"]) {
      instruments.counter({ name: "calls", help: "Calls", scope: { name } }).with({}).add(1);
    }
    const page = prometheusPage(instruments.read(), {});
    expect(page.match(/# TYPE calls_total/g)).toHaveLength(1);
    expect(page.match(/^calls_total\{/gm)).toHaveLength(2);
  });

  it("is empty while nothing was measured", () => {
    expect(prometheusPage(createInstruments().read(), { "service.name": "x" })).toBe("");
  });
});

describe("instruments", () => {
  it("keep to a limit of series: what comes later is counted together", () => {
    const instruments = createInstruments();
    const family = instruments.counter({ name: "calls", help: "Calls", attributes: ["from"] });
    for (let i = 0; i < seriesLimit + 10; i++) family.with({ from: `caller ${i}` }).add(1);
    const series = instruments.read().flatMap((instrument) => [...instrument.series()]);
    expect(series).toHaveLength(seriesLimit);
    expect(series.at(-1)).toMatchObject({ attributes: { "otel.metric.overflow": "true" }, measure: { value: 11 } });
  });

  it("leave out attributes that are not given, and update before they are read", () => {
    const instruments = createInstruments();
    const gauge = instruments.upDownCounter({ name: "open", help: "Open", attributes: ["a", "b"] }).with({ a: "1" });
    let now = 3;
    instruments.beforeRead(() => {
      gauge.value = now;
    });
    expect(prometheusPage(instruments.read(), {})).toContain('open{a="1"} 3\n');
    now = 4;
    expect(prometheusPage(instruments.read(), {})).toContain('open{a="1"} 4\n');
  });
});
