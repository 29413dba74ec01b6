import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { streams } from "./bus.ts";
import { createMemoryBus } from "./memory/memory-bus.ts";
import { entry } from "./testing/contract-stage.ts";
import { activeTraceparent } from "./trace.ts";

const storage = new AsyncLocalStorage<Context>();
const contexts: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (active, fn, thisArg, ...args) => storage.run(active, () => fn.call(thisArg, ...args)),
  bind: (_active, target) => target,
  enable: () => contexts,
  disable: () => contexts,
};
beforeAll(() => context.setGlobalContextManager(contexts));
afterAll(() => context.disable());

const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const traceparent = `00-${span.traceId}-${span.spanId}-01`;

test("the publisher's active span travels with the entry, and the handler runs in its trace", async () => {
  const bus = createMemoryBus({ log: captureLogger().log });
  const seen: (string | undefined)[] = [];
  bus.consume(streams.alerts, "g", async (delivery) => {
    seen.push(delivery.traceparent, trace.getActiveSpan()?.spanContext().traceId);
  });
  await context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => bus.publish(streams.alerts, entry("a")));
  await waitFor(() => seen.length > 0);
  expect(seen).toEqual([traceparent, span.traceId]);
  await bus.close();
});

test("without a span there is no traceparent, and a malformed one is ignored", async () => {
  expect(activeTraceparent()).toBeUndefined();
  const bus = createMemoryBus({ log: captureLogger().log });
  const seen: unknown[] = [];
  bus.consume(streams.alerts, "g", async () => void seen.push(trace.getActiveSpan()));
  await bus.publish(streams.alerts, entry("a", { traceparent: "not one" }));
  await waitFor(() => seen.length > 0);
  expect(seen).toEqual([undefined]);
  await bus.close();
});
