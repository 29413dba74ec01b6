import { context, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialer, type Dialer } from "./dialer.ts";
import { createManagement } from "./management.ts";
import { createMetrics } from "./metrics.ts";
import { createReadiness } from "./readiness.ts";
import type { Server } from "./serve.ts";
import { captureLogger } from "./testing/capture-logger.ts";
import { createTracing } from "./tracing.ts";

const { log, find } = captureLogger();
const bodies: unknown[] = [];
let status = 200;
let traceparent: string | undefined;
let collector: Server;
let dialer: Dialer;

beforeAll(async () => {
  dialer = createDialer();
  const management = createManagement({ log, metrics: createMetrics(), readiness: createReadiness(), name: "test" });
  management.route("POST", "/v1/traces", async ({ body }) => {
    bodies.push(JSON.parse(Buffer.from(body).toString()));
    return { status };
  });
  management.route("GET", "/called", async ({ headers }) => {
    traceparent = String(headers.traceparent);
    return { status: 200 };
  });
  collector = await management.listen(0, "127.0.0.1");
});
afterAll(async () => {
  await dialer.close();
  await collector.close(0);
});

test("does nothing unless configured", async () => {
  const { tracer, stop } = await createTracing({ name: "x", version: "1", endpoint: undefined, dialer, log });
  expect(tracer.startSpan("quiet").isRecording()).toBe(false);
  await stop();
});

test("exports spans as OTLP JSON and sends traceparent along", async () => {
  const endpoint = `http://127.0.0.1:${collector.port}`;
  const { tracer, stop } = await createTracing({ name: "flagd", version: "1", endpoint, dialer, log });
  const span = tracer.startSpan("evaluate");
  await context.with(trace.setSpan(context.active(), span), () => dialer.fetch(`${endpoint}/called`));
  span.end();
  await stop();
  expect(traceparent).toBe(`00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`);
  expect(bodies).toMatchObject([
    { resourceSpans: [{ scopeSpans: [{ spans: [{ name: "evaluate", traceId: span.spanContext().traceId }] }] }] },
  ]);
  expect(JSON.stringify(bodies)).toContain('"service.name"');
});

test("a collector that refuses is said once", async () => {
  status = 503;
  const { exportTraces } = await import("./tracing-export.ts");
  const { tracer, stop } = exportTraces({
    name: "x",
    version: "1",
    endpoint: `http://127.0.0.1:${collector.port}/`,
    dialer,
    log,
  });
  tracer.startSpan("lost").end();
  await stop();
  expect(find("traces cannot be exported; they are dropped until the collector is back")?.err).toMatchObject({
    message: "the collector answered 503",
  });
});
