import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Delivery, EventBus, NewEntry } from "../bus.ts";
import { deadLetterStream, streams } from "../bus.ts";
import { Undeliverable } from "../undeliverable.ts";

export interface ContractBusOptions {
  readonly maxLength?: number;
  readonly hardLimit?: number;
}

/** Fresh streams, shared by the buses made from them as by several services. */
export interface TestStreams {
  createBus(o?: ContractBusOptions): EventBus;
  close(): Promise<void>;
}

/** An entry as the tests publish it. */
export function entry(id: string, o: Partial<NewEntry> = {}): NewEntry {
  return { id, key: "shop/web", seq: 1, type: "Test", payload: new TextEncoder().encode(id), ...o };
}

const ids = (deliveries: readonly { id: string }[]): string[] => deliveries.map(({ id }) => id);

/** What every implementation of the bus promises. */
export function eventBusContract(name: string, openStreams: () => Promise<TestStreams>): void {
  describe(`${name} keeps the contract of the event bus:`, () => {
    let shared: TestStreams;
    let bus: EventBus;
    let got: Delivery[];
    const keep = async (delivery: Delivery): Promise<void> => {
      got.push(delivery);
    };
    const seen = (count: number, list = got) =>
      waitFor(() => list.length >= count, { timeoutMs: 8_000, describe: () => ids(list) });

    beforeEach(async () => {
      shared = await openStreams();
      bus = shared.createBus();
      got = [];
    });
    afterEach(async () => {
      await bus.close();
      await shared.close();
    });

    test("a consumer gets an entry as it was published, with attempt 1", async () => {
      const sent = entry("a", {
        seq: 7,
        payload: new Uint8Array([0, 255, 128, 10, 13]),
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      });
      bus.consume(streams.alerts, "g", keep);
      await bus.publish(streams.alerts, sent);
      await seen(1);
      expect(got[0]).toMatchObject({ ...sent, payload: expect.anything(), attempt: 1 });
      expect([...(got[0]?.payload ?? [])]).toEqual([...sent.payload]);
    });

    test("a group gets what was published before it existed", async () => {
      expect(await bus.lag(streams.alerts, "g")).toBe(0);
      await bus.publish(streams.alerts, entry("early"));
      expect(await bus.lag(streams.alerts, "g")).toBe(1);
      bus.consume(streams.alerts, "g", keep);
      await seen(1);
    });

    test("two consumers of a group share the entries, two groups get all", async () => {
      const other = shared.createBus();
      const audit: Delivery[] = [];
      bus.consume(streams.alerts, "g", keep, { batch: 1 });
      other.consume(streams.alerts, "g", keep, { batch: 1 });
      other.consume(streams.alerts, "audit", async (delivery) => void audit.push(delivery));
      for (let i = 0; i < 20; i++) await bus.publish(streams.alerts, entry(`e${i}`));
      await seen(20, audit);
      await seen(20);
      await waitFor(async () => (await bus.lag(streams.alerts, "g")) === 0);
      expect(new Set(ids(got)).size).toBe(20);
      expect(got).toHaveLength(20);
      await other.close();
    });

    test("entries of one key are handled in order, one at a time, whatever the concurrency", async () => {
      const running = new Set<string>();
      const order: number[] = [];
      let overlapped = false;
      let parallel = 0;
      for (let i = 0; i < 30; i++) await bus.publish(streams.alerts, entry(`e${i}`, { key: `ns/${i % 3}`, seq: i }));
      bus.consume(
        streams.alerts,
        "g",
        async (delivery) => {
          overlapped ||= running.has(delivery.key);
          running.add(delivery.key);
          parallel = Math.max(parallel, running.size);
          await new Promise((resolve) => setImmediate(resolve));
          running.delete(delivery.key);
          if (delivery.key === "ns/0") order.push(delivery.seq);
          got.push(delivery);
        },
        { concurrency: 3 },
      );
      await seen(30);
      expect(overlapped).toBe(false);
      expect(parallel).toBe(3);
      expect(order).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
    });

    test("an entry is acknowledged only after its handler resolved", async () => {
      const gate = Promise.withResolvers<void>();
      bus.consume(streams.alerts, "g", async (delivery) => {
        got.push(delivery);
        await gate.promise;
      });
      await bus.publish(streams.alerts, entry("a"));
      await seen(1);
      expect(await bus.lag(streams.alerts, "g")).toBe(1);
      gate.resolve();
      await waitFor(async () => (await bus.lag(streams.alerts, "g")) === 0);
    });

    test("a failed entry is delivered again and holds up nobody else", async () => {
      const handler = async (delivery: Delivery): Promise<void> => {
        got.push(delivery);
        if (delivery.id === "bad" && delivery.attempt < 3) throw new Error("not yet");
      };
      bus.consume(streams.alerts, "g", handler, { retryDelayMs: 10 });
      await bus.publish(streams.alerts, entry("bad"));
      await bus.publish(streams.alerts, entry("good"));
      await seen(4);
      expect(got.filter(({ id }) => id === "bad").map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(ids(got)).toContain("good");
      await waitFor(async () => (await bus.lag(streams.alerts, "g")) === 0);
    });

    test("after the last delivery an entry goes to the dead letters with its failure, secrets removed", async () => {
      const handler = async (delivery: Delivery): Promise<void> => {
        got.push(delivery);
        throw new Error("cannot post to https://user:hunter2@hooks.example/x");
      };
      bus.consume(streams.alerts, "g", handler, { maxDeliveries: 2, retryDelayMs: 10 });
      await bus.publish(streams.alerts, entry("poison"));
      const [dead] = await waitFor(async () => {
        const letters = await bus.read(deadLetterStream(streams.alerts));
        return letters.length > 0 && letters;
      });
      expect(dead).toMatchObject({ id: "poison", key: "shop/web", attempt: 2 });
      expect(dead?.failure).toMatch(/^cannot post to /);
      expect(dead?.failure).not.toContain("hunter2");
      expect(await bus.lag(streams.alerts, "g")).toBe(0);
      expect(got).toHaveLength(2);
    });

    test("what a handler calls undeliverable goes to the dead letters at once", async () => {
      bus.consume(streams.alerts, "g", async (delivery) => {
        got.push(delivery);
        throw new Undeliverable("nobody wants it");
      });
      await bus.publish(streams.alerts, entry("a"));
      await waitFor(async () => (await bus.read(deadLetterStream(streams.alerts))).length > 0);
      expect(await bus.read(deadLetterStream(streams.alerts))).toMatchObject([{ id: "a", failure: "nobody wants it" }]);
      expect(got).toHaveLength(1);
    });

    test("a consumer that stops finishes what it has begun and leaves the rest to others", async () => {
      const gate = Promise.withResolvers<void>();
      const first = bus.consume(streams.alerts, "g", async (delivery) => {
        got.push(delivery);
        await gate.promise;
      });
      for (const id of ["a", "b", "c"]) await bus.publish(streams.alerts, entry(id));
      await seen(1);
      const stopped = first.stop();
      gate.resolve();
      await stopped;
      expect(ids(got)).toEqual(["a"]);
      bus.consume(streams.alerts, "g", keep, { reclaimIdleMs: 300 });
      await seen(3);
      expect(ids(got).toSorted()).toEqual(["a", "b", "c"]);
    });

    test("an id published twice within the window is delivered once", async () => {
      bus.consume(streams.rolloutEvents, "g", keep);
      for (const id of ["a", "a", "b", "a"]) await bus.publish(streams.rolloutEvents, entry(id));
      await bus.publish(streams.alerts, entry("a"));
      await seen(2);
      await waitFor(async () => (await bus.lag(streams.rolloutEvents, "g")) === 0);
      expect(ids(got)).toEqual(["a", "b"]);
      expect(await bus.read(streams.alerts)).toHaveLength(1);
    });

    test("a check asked again under the same id is delivered again", async () => {
      bus.consume(streams.analysisRequests, "g", keep);
      for (const id of ["uid/1/1", "uid/1/1"]) await bus.publish(streams.analysisRequests, entry(id));
      await seen(2);
      expect(ids(got)).toEqual(["uid/1/1", "uid/1/1"]);
    });

    test("every follower sees every entry from now on, in order, even if its handler fails", async () => {
      await bus.publish(streams.flagEvents, entry("before"));
      const other = shared.createBus();
      const alsoGot: Delivery[] = [];
      const one = bus.follow(streams.flagEvents, (delivery) => {
        got.push(delivery);
        throw new Error("mine to bear");
      });
      const two = other.follow(streams.flagEvents, (delivery) => void alsoGot.push(delivery));
      await Promise.all([one.ready, two.ready]);
      for (let i = 0; i < 5; i++) await bus.publish(streams.flagEvents, entry(`e${i}`));
      await seen(5);
      await seen(5, alsoGot);
      expect(ids(got)).toEqual(["e0", "e1", "e2", "e3", "e4"]);
      expect(ids(alsoGot)).toEqual(ids(got));
      await other.close();
    });

    test("a follower can begin at the start or after an offset", async () => {
      for (const id of ["a", "b", "c"]) await bus.publish(streams.flagEvents, entry(id));
      bus.follow(streams.flagEvents, keep, { from: "start" });
      await seen(3);
      const later: Delivery[] = [];
      bus.follow(streams.flagEvents, (delivery) => void later.push(delivery), { from: got[0]?.offset ?? "" });
      await seen(2, later);
      expect(ids(later)).toEqual(["b", "c"]);
    });

    test("read gives the newest first, page by page", async () => {
      for (const id of ["a", "b", "c"]) await bus.publish(streams.rolloutEvents, entry(id));
      const page = await bus.read(streams.rolloutEvents, { count: 2 });
      expect(ids(page)).toEqual(["c", "b"]);
      expect(ids(await bus.read(streams.rolloutEvents, { before: page[1]?.offset ?? "" }))).toEqual(["a"]);
      expect(await bus.read(streams.flagEvents)).toEqual([]);
    });

    test("what all groups have read is trimmed, what one has not is kept", async () => {
      const small = shared.createBus({ maxLength: 200, hardLimit: 5_000 });
      const subscription = small.consume(streams.alerts, "slow", keep);
      await subscription.ready;
      await subscription.stop();
      for (let i = 0; i < 1_000; i++) await small.publish(streams.alerts, entry(`e${i}`));
      expect(await small.lag(streams.alerts, "slow")).toBe(1_000);
      small.consume(streams.alerts, "slow", keep);
      await seen(1_000);
      await waitFor(async () => (await small.lag(streams.alerts, "slow")) === 0);
      for (let i = 0; i < 400; i++) await small.publish(streams.alerts, entry(`f${i}`));
      const left = await small.read(streams.alerts, { count: 5_000 });
      expect(left.length).toBeGreaterThanOrEqual(200);
      expect(left.length).toBeLessThan(600);
      await small.close();
    });

    test("at the hard limit publishers get `full`, and go on once a consumer caught up", async () => {
      const small = shared.createBus({ maxLength: 100, hardLimit: 300 });
      const subscription = small.consume(streams.alerts, "g", keep);
      await subscription.ready;
      await subscription.stop();
      for (let i = 0; i < 300; i++) await small.publish(streams.alerts, entry(`e${i}`));
      await expect(small.publish(streams.alerts, entry("one-more"))).rejects.toMatchObject({
        code: "full",
        message: expect.stringMatching(/^\[full\] stream alerts holds 300 entries/),
      });
      small.consume(streams.alerts, "g", keep);
      await waitFor(async () => (await small.lag(streams.alerts, "g")) === 0);
      await small.publish(streams.alerts, entry("one-more"));
      await waitFor(() => ids(got).includes("one-more"));
      await small.close();
    });

    test("a closed bus refuses politely", async () => {
      await bus.close();
      await expect(bus.publish(streams.alerts, entry("a"))).rejects.toMatchObject({ code: "closed" });
      expect(bus.state()).toBe("down");
    });
  });
}
