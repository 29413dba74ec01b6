import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { context, propagation, trace } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDialer, type Dialer } from "../dialer.ts";
import { createMetrics } from "../metrics.ts";
import { captureLogger } from "../testing/capture-logger.ts";
import { type OtlpCollector, startOtlpCollector } from "../testing/otlp-collector.ts";
import { waitFor } from "../testing/wait-for.ts";
import { describeResource, sdkVersion } from "./resource.ts";
import { type CollectorOptions, readTelemetry } from "./settings.ts";
import { createTelemetry, type Telemetry } from "./telemetry.ts";

const { log, find } = captureLogger();
let collector: OtlpCollector;
let dialer: Dialer;

beforeEach(async () => {
  collector = await startOtlpCollector();
  dialer = createDialer();
});
afterEach(async () => {
  trace.disable();
  context.disable();
  propagation.disable();
  await dialer.close();
  await collector.stop();
});

async function start(
  o: CollectorOptions,
  env: Record<string, string> = {},
  metrics = createMetrics(),
): Promise<Telemetry> {
  const settings = readTelemetry(env, o);
  const resource = describeResource({ name: "flagd", version: "1.2.3", given: settings.resource });
  return createTelemetry({
    name: "flagd",
    version: "1.2.3",
    settings,
    sampleAll: false,
    resource,
    metrics,
    dialer,
    log,
  });
}

it("does nothing unless configured", async () => {
  const telemetry = await start({});
  expect(telemetry.tracing).toBe(false);
  expect(telemetry.tracer.startSpan("quiet").isRecording()).toBe(false);
  await telemetry.stop();
});

describe("traces", () => {
  const ways: Record<string, (port: number) => [CollectorOptions, Record<string, string>]> = {
    "over gRPC to --otel-collector-uri": (port) => [{ collector: `localhost:${port}` }, {}],
    "over HTTP to --otlp-endpoint": (port) => [{ httpCollector: `http://localhost:${port}` }, {}],
    "over HTTP to OTEL_EXPORTER_OTLP_ENDPOINT": (port) => [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}/` },
    ],
    "over gRPC with OTEL_EXPORTER_OTLP_PROTOCOL, compressed": (port) => [
      {},
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
        OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      },
    ],
    "over HTTP to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT as it is, compressed": (port) => [
      {},
      {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://localhost:${port}/v1/traces`,
        OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      },
    ],
  };
  it.each(Object.entries(ways))("are exported %s", async (_, way) => {
    const [o, env] = way(collector.port);
    const telemetry = await start(o, { ...env, OTEL_EXPORTER_OTLP_HEADERS: "x-team=a%20b", OTEL_SERVICE_NAME: "mine" });
    const span = telemetry.tracer.startSpan("resolveBoolean", { attributes: { "feature_flag.key": "f" } });
    span.end();
    await telemetry.stop();
    expect(collector.spans).toMatchObject([
      {
        scope: "flagd",
        resource: { "service.name": "mine", "service.version": "1.2.3" },
        item: { name: "resolveBoolean", traceId: span.spanContext().traceId, attributes: { "feature_flag.key": "f" } },
      },
    ]);
    expect(collector.requests[0]?.headers).toMatchObject({ "x-team": "a b" });
  });

  it("travel on with calls", async () => {
    const endpoint = `http://localhost:${collector.port}`;
    const telemetry = await start({ httpCollector: endpoint });
    const span = telemetry.tracer.startSpan("evaluate");
    await context.with(trace.setSpan(context.active(), span), () => dialer.fetch(`${endpoint}/called`));
    span.end();
    await telemetry.stop();
    const { traceId, spanId } = span.spanContext();
    expect(collector.requests[0]?.headers.traceparent).toBe(`00-${traceId}-${spanId}-01`);
    // The export itself is not traced.
    expect(collector.requests[1]).toMatchObject({ path: "/v1/traces" });
    expect(collector.requests[1]?.headers.traceparent).toBeUndefined();
  });

  it("that a collector refuses are told once", async () => {
    collector.answer(503);
    const telemetry = await start({ httpCollector: `http://localhost:${collector.port}` });
    telemetry.tracer.startSpan("lost").end();
    await telemetry.stop();
    const told = find("traces cannot be exported; they are dropped until the collector is back");
    expect(told?.err).toMatchObject({ message: "the collector answered 503" });
  });
});

describe("metrics", () => {
  it("are exported over gRPC and leave the page", async () => {
    const metrics = createMetrics();
    const scope = { name: "flagd" };
    const asked = metrics.instruments.counter({
      name: "a.asked",
      unit: "{n}",
      help: "Asked",
      attributes: ["who"],
      scope,
    });
    asked.with({ who: "me" }).add(3);
    const took = metrics.instruments.histogram({ name: "took", unit: "s", help: "Took", bounds: [1, 2] });
    took.with({}).record(1.5);
    expect(await metrics.page()).toContain('a_asked_total{otel_scope_name="flagd"');
    const telemetry = await start(
      { collector: `http://localhost:${collector.port}`, metrics: true },
      { OTEL_METRIC_EXPORT_INTERVAL: "50" },
      metrics,
    );
    await waitFor(() => collector.metrics.length >= 2, { timeoutMs: 5_000, describe: () => "no metrics came" });
    expect(collector.metrics.slice(0, 2)).toMatchObject([
      {
        scope: "flagd",
        resource: { "service.name": "flagd" },
        item: {
          name: "a.asked",
          unit: "{n}",
          sum: { temporality: 2, monotonic: 1, points: [{ value: 3, attributes: { who: "me" } }] },
        },
      },
      {
        scope: "",
        item: {
          name: "took",
          histogram: { points: [{ count: 1, sum: 1.5, bounds: [1, 2], bucketCounts: [0, 1, 0] }] },
        },
      },
    ]);
    expect((await metrics.page()).trim()).toBe("");
    await telemetry.stop();
  });

  it("are exported over HTTP and a last time at the end", async () => {
    const metrics = createMetrics();
    metrics.instruments.counter({ name: "asked", help: "Asked" }).with({}).add(1);
    const telemetry = await start(
      {},
      { OTEL_METRICS_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${collector.port}` },
      metrics,
    );
    await telemetry.stop();
    expect(collector.metrics).toMatchObject([{ item: { name: "asked", sum: { points: [{ value: 1 }] } } }]);
  });
});

it("certificates are read again after the reload interval", async () => {
  const folder = await mkdtemp(join(tmpdir(), "burgee-telemetry-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const issue = (): void => {
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-keyout", key, "-out", cert];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
        ...files,
        ...subject,
      ],
      { stdio: "ignore" },
    );
  };
  issue();
  const secure = await startOtlpCollector({ tls: { cert: await readFile(cert), key: await readFile(key) } });
  // A certificate that the collector does not have, at first.
  const right = await readFile(cert, "utf8");
  issue();
  const files = { ca: cert, cert: undefined, key: undefined };
  const telemetry = await start(
    { collector: `localhost:${secure.port}`, metrics: true, files, reloadMs: 1 },
    { OTEL_METRIC_EXPORT_INTERVAL: "50", OTEL_TRACES_EXPORTER: "none" },
    (() => {
      const metrics = createMetrics();
      metrics.instruments.counter({ name: "asked", help: "Asked" }).with({}).add(1);
      return metrics;
    })(),
  );
  await waitFor(() => find("metrics cannot be exported; they are dropped until the collector is back") !== undefined, {
    timeoutMs: 5_000,
    describe: () => "the wrong certificate was accepted",
  });
  expect(secure.metrics).toEqual([]);
  await writeFile(cert, right);
  await waitFor(() => secure.metrics.length > 0, {
    timeoutMs: 5_000,
    describe: () => "nothing came with the right one",
  });
  await telemetry.stop();
  await secure.stop();
  await rm(folder, { recursive: true });
});

it("the resource names the SDK that is installed", () => {
  expect(SDK_INFO).toMatchObject({ "telemetry.sdk.version": sdkVersion });
});
