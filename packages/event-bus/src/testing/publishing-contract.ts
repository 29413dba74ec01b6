import { waitFor } from "@burgee/service-kit/testing";
import { expect, test } from "vitest";
import { streams } from "../bus.ts";
import { type ContractStage, entry, ids } from "./contract-stage.ts";

/** What is taken from publishers, and what of it is kept. */
export function testPublishing(s: ContractStage): void {
  test("an id published twice within the window is delivered once", async () => {
    s.bus.consume(streams.rolloutEvents, "g", s.keep);
    for (const id of ["a", "a", "b", "a"]) await s.bus.publish(streams.rolloutEvents, entry(id));
    await s.bus.publish(streams.alerts, entry("a"));
    await s.seen(2);
    await waitFor(async () => (await s.bus.lag(streams.rolloutEvents, "g")) === 0);
    expect(ids(s.got)).toEqual(["a", "b"]);
    expect(await s.bus.read(streams.alerts)).toHaveLength(1);
  });

  test("a check asked again under the same id is delivered again", async () => {
    s.bus.consume(streams.analysisRequests, "g", s.keep);
    for (const id of ["uid/1/1", "uid/1/1"]) await s.bus.publish(streams.analysisRequests, entry(id));
    await s.seen(2);
    expect(ids(s.got)).toEqual(["uid/1/1", "uid/1/1"]);
  });

  test("what all groups have read is trimmed, what one has not is kept", async () => {
    const small = s.shared.createBus({ maxLength: 200, hardLimit: 5_000 });
    const subscription = small.consume(streams.alerts, "slow", s.keep);
    await subscription.ready;
    await subscription.stop();
    for (let i = 0; i < 1_000; i++) await small.publish(streams.alerts, entry(`e${i}`));
    expect(await small.lag(streams.alerts, "slow")).toBe(1_000);
    small.consume(streams.alerts, "slow", s.keep);
    await s.seen(1_000);
    await waitFor(async () => (await small.lag(streams.alerts, "slow")) === 0);
    for (let i = 0; i < 400; i++) await small.publish(streams.alerts, entry(`f${i}`));
    const left = await small.read(streams.alerts, { count: 5_000 });
    expect(left.length).toBeGreaterThanOrEqual(200);
    expect(left.length).toBeLessThan(600);
    await small.close();
  });

  test("at the hard limit publishers get `full`, and go on once a consumer caught up", async () => {
    const small = s.shared.createBus({ maxLength: 100, hardLimit: 300 });
    const subscription = small.consume(streams.alerts, "g", s.keep);
    await subscription.ready;
    await subscription.stop();
    for (let i = 0; i < 300; i++) await small.publish(streams.alerts, entry(`e${i}`));
    await expect(small.publish(streams.alerts, entry("one-more"))).rejects.toMatchObject({
      code: "full",
      message: expect.stringMatching(/^\[full\] stream alerts holds 300 entries/),
    });
    small.consume(streams.alerts, "g", s.keep);
    await waitFor(async () => (await small.lag(streams.alerts, "g")) === 0);
    await small.publish(streams.alerts, entry("one-more"));
    await waitFor(() => ids(s.got).includes("one-more"));
    await small.close();
  });

  test("a closed bus refuses politely", async () => {
    await s.bus.close();
    await expect(s.bus.publish(streams.alerts, entry("a"))).rejects.toMatchObject({ code: "closed" });
    expect(s.bus.state()).toBe("down");
  });
}
