import { waitFor } from "@burgee/service-kit/testing";
import { expect, test } from "vitest";
import { type Delivery, deadLetterStream, streams } from "../bus.ts";
import { Undeliverable } from "../undeliverable.ts";
import { type ContractStage, entry, ids } from "./contract-stage.ts";

/** What a group does with its entries. */
export function testGroupWork(s: ContractStage): void {
  test("a consumer gets an entry as it was published, with attempt 1", async () => {
    const sent = entry("a", {
      seq: 7,
      payload: new Uint8Array([0, 255, 128, 10, 13]),
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    s.bus.consume(streams.alerts, "g", s.keep);
    await s.bus.publish(streams.alerts, sent);
    await s.seen(1);
    expect(s.got[0]).toMatchObject({ ...sent, payload: expect.anything(), attempt: 1 });
    expect([...(s.got[0]?.payload ?? [])]).toEqual([...sent.payload]);
  });

  test("a group gets what was published before it existed", async () => {
    expect(await s.bus.lag(streams.alerts, "g")).toBe(0);
    await s.bus.publish(streams.alerts, entry("early"));
    expect(await s.bus.lag(streams.alerts, "g")).toBe(1);
    s.bus.consume(streams.alerts, "g", s.keep);
    await s.seen(1);
  });

  test("two consumers of a group share the entries, two groups get all", async () => {
    const other = s.shared.createBus();
    const audit: Delivery[] = [];
    s.bus.consume(streams.alerts, "g", s.keep, { batch: 1 });
    other.consume(streams.alerts, "g", s.keep, { batch: 1 });
    other.consume(streams.alerts, "audit", async (delivery) => void audit.push(delivery));
    for (let i = 0; i < 20; i++) await s.bus.publish(streams.alerts, entry(`e${i}`));
    await s.seen(20, audit);
    await s.seen(20);
    await waitFor(async () => (await s.bus.lag(streams.alerts, "g")) === 0);
    expect(new Set(ids(s.got)).size).toBe(20);
    expect(s.got).toHaveLength(20);
    await other.close();
  });

  test("entries of one key are handled in order, one at a time, whatever the concurrency", async () => {
    const running = new Set<string>();
    const order: number[] = [];
    let overlapped = false;
    let parallel = 0;
    for (let i = 0; i < 30; i++) await s.bus.publish(streams.alerts, entry(`e${i}`, { key: `ns/${i % 3}`, seq: i }));
    s.bus.consume(
      streams.alerts,
      "g",
      async (delivery) => {
        overlapped ||= running.has(delivery.key);
        running.add(delivery.key);
        parallel = Math.max(parallel, running.size);
        await new Promise((resolve) => setImmediate(resolve));
        running.delete(delivery.key);
        if (delivery.key === "ns/0") order.push(delivery.seq);
        s.got.push(delivery);
      },
      { concurrency: 3 },
    );
    await s.seen(30);
    expect(overlapped).toBe(false);
    expect(parallel).toBe(3);
    expect(order).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  });

  test("an entry is acknowledged only after its handler resolved", async () => {
    const gate = Promise.withResolvers<void>();
    s.bus.consume(streams.alerts, "g", async (delivery) => {
      s.got.push(delivery);
      await gate.promise;
    });
    await s.bus.publish(streams.alerts, entry("a"));
    await s.seen(1);
    expect(await s.bus.lag(streams.alerts, "g")).toBe(1);
    gate.resolve();
    await waitFor(async () => (await s.bus.lag(streams.alerts, "g")) === 0);
  });

  test("a failed entry is delivered again and holds up nobody else", async () => {
    const handler = async (delivery: Delivery): Promise<void> => {
      s.got.push(delivery);
      if (delivery.id === "bad" && delivery.attempt < 3) throw new Error("not yet");
    };
    s.bus.consume(streams.alerts, "g", handler, { retryDelayMs: 10 });
    await s.bus.publish(streams.alerts, entry("bad"));
    await s.bus.publish(streams.alerts, entry("good"));
    await s.seen(4);
    expect(s.got.filter(({ id }) => id === "bad").map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(ids(s.got)).toContain("good");
    await waitFor(async () => (await s.bus.lag(streams.alerts, "g")) === 0);
  });

  test("after the last delivery an entry goes to the dead letters with its failure, secrets removed", async () => {
    const handler = async (delivery: Delivery): Promise<void> => {
      s.got.push(delivery);
      throw new Error("cannot post to https://user:hunter2@hooks.example/x");
    };
    s.bus.consume(streams.alerts, "g", handler, { maxDeliveries: 2, retryDelayMs: 10 });
    await s.bus.publish(streams.alerts, entry("poison"));
    const [dead] = await waitFor(async () => {
      const letters = await s.bus.read(deadLetterStream(streams.alerts));
      return letters.length > 0 && letters;
    });
    expect(dead).toMatchObject({ id: "poison", key: "shop/web", attempt: 2 });
    expect(dead?.failure).toMatch(/^cannot post to /);
    expect(dead?.failure).not.toContain("hunter2");
    expect(await s.bus.lag(streams.alerts, "g")).toBe(0);
    expect(s.got).toHaveLength(2);
  });

  test("what a handler calls undeliverable goes to the dead letters at once", async () => {
    s.bus.consume(streams.alerts, "g", async (delivery) => {
      s.got.push(delivery);
      throw new Undeliverable("nobody wants it");
    });
    await s.bus.publish(streams.alerts, entry("a"));
    await waitFor(async () => (await s.bus.read(deadLetterStream(streams.alerts))).length > 0);
    expect(await s.bus.read(deadLetterStream(streams.alerts))).toMatchObject([{ id: "a", failure: "nobody wants it" }]);
    expect(s.got).toHaveLength(1);
  });

  test("a consumer that stops finishes what it has begun and leaves the rest to others", async () => {
    const gate = Promise.withResolvers<void>();
    const first = s.bus.consume(streams.alerts, "g", async (delivery) => {
      s.got.push(delivery);
      await gate.promise;
    });
    for (const id of ["a", "b", "c"]) await s.bus.publish(streams.alerts, entry(id));
    await s.seen(1);
    const stopped = first.stop();
    gate.resolve();
    await stopped;
    expect(ids(s.got)).toEqual(["a"]);
    s.bus.consume(streams.alerts, "g", s.keep, { reclaimIdleMs: 300 });
    await s.seen(3);
    expect(ids(s.got).toSorted()).toEqual(["a", "b", "c"]);
  });
}
