import { type EventBus, streams } from "@burgee/event-bus";
import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdminHarness, itemsOf, startAdmin } from "./admin-harness.ts";
import { publishAlert, publishFlags, publishRollout } from "./entries.ts";
import { type EventReader, readEvents } from "./event-reader.ts";

/** What the timeline promises, whatever carries the streams. */
export function timelineSuite(name: string, makeBus: () => Promise<EventBus>): void {
  describe(`the timeline over ${name}`, () => {
    let admin: AdminHarness;
    let readers: EventReader[];
    beforeEach(async () => {
      readers = [];
      admin = await startAdmin({ bus: await makeBus(), heartbeatMs: 20 });
      await waitFor(() => admin.bus.state() === "up");
    });
    afterEach(async () => {
      for (const reader of readers) reader.close();
      await admin.stop();
    });

    async function follow(query = "", lastEventId?: string): Promise<EventReader> {
      const reader = await readEvents(`${admin.url}/api/events${query}`, { lastEventId });
      readers.push(reader);
      return reader;
    }
    const idsOf = (reader: EventReader) => reader.events.flatMap((e) => (e.event === "entry" ? [idIn(e.data)] : []));
    const seen = (reader: EventReader, count: number) =>
      waitFor(() => idsOf(reader).length >= count, { describe: () => reader.events });

    async function live(query = ""): Promise<EventReader> {
      const reader = await follow(query);
      await waitFor(() => reader.comments.includes(": live"));
      return reader;
    }

    test("is read newest first, over all three streams", async () => {
      await publishRollout(admin.bus, 1);
      await publishFlags(admin.bus, 2);
      await publishAlert(admin.bus, 3);
      const { body } = await admin.call("GET", "/api/timeline?canary=shop/web");
      expect(itemsOf(body)).toMatchObject([
        { kind: "alert", severity: "error", message: "Canary analysis failed", at: "2026-01-01T12:00:03.000Z" },
        {
          kind: "flags",
          name: "app",
          message: "flag fast updated for shop/web",
          changes: [{ key: "fast", change: "updated", owner: "shop/web" }],
        },
        {
          kind: "rollout",
          id: "r1",
          run: 2,
          weight: 1,
          rule: "shiftToNextWeight",
          metrics: [{ name: "request-success-rate", result: "pass", value: 99.9, min: 99 }],
        },
      ]);
    });

    test("of one canary has nothing of another", async () => {
      await publishRollout(admin.bus, 1, { name: "web" });
      await publishRollout(admin.bus, 2, { name: "api" });
      await publishFlags(admin.bus, 3, "shop/api");
      const { body } = await admin.call("GET", "/api/timeline?canary=shop/web");
      expect(itemsOf(body).map(idIn)).toEqual(["r1"]);
    });

    test("is cut at the limit", async () => {
      for (let n = 1; n <= 5; n++) await publishRollout(admin.bus, n);
      const { body } = await admin.call("GET", "/api/timeline?limit=2");
      expect(itemsOf(body).map(idIn)).toEqual(["r5", "r4"]);
    });

    test("is followed live", async () => {
      const reader = await live();
      await publishRollout(admin.bus, 1);
      await publishFlags(admin.bus, 2);
      await publishAlert(admin.bus, 3);
      await seen(reader, 3);
      expect(idsOf(reader).sort()).toEqual(["a3", "f2", "r1"]);
    });

    test("is gone on with after a connection was lost, with nothing lost or told twice", async () => {
      const first = await live();
      await publishRollout(admin.bus, 1);
      await seen(first, 1);
      first.close();
      await publishRollout(admin.bus, 2);
      await publishAlert(admin.bus, 3);
      const second = await follow("", first.events.at(-1)?.id);
      await seen(second, 2);
      await publishRollout(admin.bus, 4);
      await seen(second, 3);
      expect(idsOf(second)).toEqual(["r2", "a3", "r4"]);
      expect(second.events.every((e) => e.event === "entry")).toBe(true);
    });

    test("tells a reader whose place is no longer known to read again", async () => {
      await publishRollout(admin.bus, 1);
      const reader = await follow("", "0-1,,");
      await waitFor(() => reader.events.some((e) => e.event === "reset"));
    });

    test("takes an event id that is not ours for that of a new reader", async () => {
      await publishRollout(admin.bus, 1);
      const reader = await follow("", "%%%");
      await waitFor(() => reader.comments.length > 2);
      expect(reader.events).toEqual([]);
    });

    test("shows a reader only what it asked for", async () => {
      const all = await live();
      const one = await live("?canary=shop/api");
      await publishRollout(admin.bus, 1, { name: "web" });
      await publishRollout(admin.bus, 2, { name: "api" });
      await seen(all, 2);
      await seen(one, 1);
      expect(idsOf(one)).toEqual(["r2"]);
    });

    test("gives signs of life while nothing happens", async () => {
      const reader = await follow();
      await waitFor(() => reader.comments.filter((c) => c === ": alive").length > 2);
    });

    test("leaves out an entry that cannot be read, and shows the others", async () => {
      const reader = await live();
      const broken = { id: "x", key: "shop/web", seq: 1, type: "RolloutEvent", payload: new Uint8Array([255, 255]) };
      await admin.bus.publish(streams.rolloutEvents, broken);
      await publishRollout(admin.bus, 2);
      await seen(reader, 1);
      const { body } = await admin.call("GET", "/api/timeline");
      expect(itemsOf(body).map(idIn)).toEqual(["r2"]);
    });

    test("refuses a canary without its namespace", async () => {
      const { status, message } = await admin.call("GET", "/api/timeline?canary=web");
      expect([status, message]).toEqual([400, '[invalid] querystring.canary is "web", expected namespace/name']);
    });
  });
}

function idIn(entry: unknown): string {
  return typeof entry === "object" && entry !== null && "id" in entry ? String(entry.id) : "";
}
