import { describe, expect, it } from "vitest";
import { type CollectorOptions, readTelemetry } from "./settings.ts";

const none = { kind: "none" };

describe("readTelemetry", () => {
  const cases: Record<string, [CollectorOptions, Record<string, string>, object]> = {
    "is off without anything": [{}, {}, { traces: none, metrics: none, problems: [] }],
    "sends traces alone to a collector, over gRPC": [
      { collector: "collector:4317" },
      {},
      { traces: { kind: "otlp", protocol: "grpc", url: "http://collector:4317" }, metrics: none },
    ],
    "sends metrics too when asked": [
      { collector: "https://collector:4317", metrics: true },
      {},
      { metrics: { kind: "otlp", protocol: "grpc", url: "https://collector:4317" } },
    ],
    "does not send metrics without a collector": [{ collector: "", metrics: true }, {}, { metrics: none }],
    "uses TLS for a collector without a scheme when there are certificates": [
      { collector: "collector:4317", files: { ca: "ca.pem", cert: undefined, key: undefined } },
      {},
      { traces: { url: "https://collector:4317", files: { ca: "ca.pem" } } },
    ],
    "lets the environment's endpoint win": [
      { collector: "a:4317" },
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://b:4317" },
      { traces: { url: "http://b:4317" } },
    ],
    "lets the environment's protocol win": [
      { collector: "http://a:4318" },
      { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" },
      { traces: { protocol: "http/protobuf", url: "http://a:4318/v1/traces" } },
    ],
    "lets the environment turn a signal off": [
      { collector: "a:4317" },
      { OTEL_TRACES_EXPORTER: "none" },
      { traces: none },
    ],
    "turns metrics on by the environment alone, to the default collector": [
      {},
      { OTEL_METRICS_EXPORTER: "otlp", OTEL_METRIC_EXPORT_INTERVAL: "500" },
      { metrics: { url: "http://localhost:4318/v1/metrics", timeoutMs: 10_000 }, metricIntervalMs: 500 },
    ],
    "leaves metrics on the page for prometheus": [
      {},
      { OTEL_METRICS_EXPORTER: "prometheus" },
      { metrics: none, problems: [] },
    ],
    "prints to the console": [{}, { OTEL_TRACES_EXPORTER: "console" }, { traces: { kind: "console" } }],
    "takes a signal's own variables first": [
      {},
      {
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://all:4318",
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://own:1/x",
        OTEL_EXPORTER_OTLP_TIMEOUT: "5",
        OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "7",
      },
      { traces: { url: "http://own:1/x", timeoutMs: 7 } },
    ],
    "reads the resource": [
      {},
      { OTEL_RESOURCE_ATTRIBUTES: "team=shop, service.name=a", OTEL_SERVICE_NAME: "b" },
      { resource: { team: "shop", "service.name": "b" } },
    ],
    "leaves out what it cannot read, without showing headers": [
      {},
      {
        OTEL_METRICS_EXPORTER: "statsd",
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_EXPORTER_OTLP_HEADERS: "a=b,secret",
        OTEL_EXPORTER_OTLP_TIMEOUT: "soon",
      },
      {
        metrics: none,
        traces: { headers: { a: "b" }, timeoutMs: 10_000 },
        problems: [
          "OTEL_EXPORTER_OTLP_HEADERS: item 2 is not key=value",
          'OTEL_EXPORTER_OTLP_TIMEOUT is "soon", expected a number of milliseconds',
          'OTEL_METRICS_EXPORTER is "statsd", expected otlp, console, prometheus or none',
        ],
      },
    ],
    "turns a signal off whose protocol or endpoint is unknown": [
      {},
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://x",
        OTEL_METRICS_EXPORTER: "otlp",
        OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/json",
      },
      {
        traces: none,
        metrics: none,
        problems: [
          "the endpoint of the OTLP traces exporter is not a URL, expected http://HOST:PORT, https://HOST:PORT or HOST:PORT",
          'OTEL_EXPORTER_OTLP_PROTOCOL is "http/json", expected grpc or http/protobuf',
        ],
      },
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [options, env, expected]) => {
    expect(readTelemetry(env, options)).toMatchObject(expected);
  });
});
