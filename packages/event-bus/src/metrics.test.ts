import { createMetrics } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { expect, test } from "vitest";
import { streams } from "./bus.ts";
import { createMemoryBus } from "./memory/memory-bus.ts";
import { entry } from "./testing/contract-stage.ts";

test("what was published, delivered, repeated, buried and is left behind is counted", async () => {
  const metrics = createMetrics();
  const bus = createMemoryBus({ log: captureLogger().log, metrics });
  const handler = async ({ id }: { id: string }): Promise<void> => {
    if (id === "bad") throw new Error("no");
    if (id === "held") await new Promise(() => {});
  };
  bus.consume(streams.alerts, "g", handler, { maxDeliveries: 2, retryDelayMs: 5, concurrency: 3 });
  for (const id of ["good", "good", "bad", "held"]) await bus.publish(streams.alerts, entry(id, { key: `ns/${id}` }));
  const text = await waitFor(async () => {
    const scraped = await metrics.registry.metrics();
    return scraped.includes("burgee_bus_dead_letters_total{") && scraped;
  });
  for (const line of [
    'burgee_bus_published_total{stream="alerts",result="accepted"} 3',
    'burgee_bus_published_total{stream="alerts",result="duplicate"} 1',
    'burgee_bus_delivered_total{stream="alerts",group="g",repeated="false"} 3',
    'burgee_bus_delivered_total{stream="alerts",group="g",repeated="true"} 1',
    'burgee_bus_dead_letters_total{stream="alerts",group="g"} 1',
    'burgee_bus_lag_entries{stream="alerts",group="g"} 1',
    "burgee_bus_up 1",
  ]) {
    expect(text).toContain(line);
  }
});
