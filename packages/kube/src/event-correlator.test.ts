import { describe, expect, test } from "vitest";
import { createEventCorrelator } from "./event-correlator.ts";

const note = { subject: "shop/web", type: "Normal", reason: "Synced" };
const minute = 60_000;

/** Sends the messages one after the other and gives what was made of them. */
function correlateAll(messages: string[], o: { everyMs: number }): (string | undefined)[] {
  const correlator = createEventCorrelator();
  return messages.map((message, i) => correlator.correlate({ ...note, message, now: i * o.everyMs })?.message);
}

const numbered = (n: number) => Array.from({ length: n }, (_, i) => `weight ${i}`);

describe("the event correlator", () => {
  test("gives identical events one key", () => {
    const correlator = createEventCorrelator();
    const keys = [1, 2].map((now) => correlator.correlate({ ...note, message: "halt", now })?.key);
    expect(keys[0]).toBe(keys[1]);
  });

  test("combines the tenth different message of a kind and those after it", () => {
    const seen = correlateAll(numbered(12), { everyMs: 1000 });
    expect(seen.slice(8)).toEqual([
      "weight 8",
      "(combined from similar events): weight 9",
      "(combined from similar events): weight 10",
      "(combined from similar events): weight 11",
    ]);
  });

  test("does not combine messages further apart than ten minutes", () => {
    expect(correlateAll(numbered(12), { everyMs: 10 * minute + 1 })).toEqual(numbered(12));
  });

  test("keeps kinds of events apart", () => {
    const correlator = createEventCorrelator();
    for (const message of numbered(9)) correlator.correlate({ ...note, message, now: 0 });
    expect(correlator.correlate({ ...note, reason: "Failed", message: "x", now: 0 })?.message).toBe("x");
  });

  test("drops what exceeds 25 events of one object, and lets one more through every five minutes", () => {
    const correlator = createEventCorrelator();
    const send = (now: number) => correlator.correlate({ ...note, message: "same", now }) !== undefined;
    const burst = Array.from({ length: 30 }, () => send(0));
    expect(burst.filter(Boolean)).toHaveLength(25);
    expect(send(4 * minute)).toBe(false);
    expect(send(5 * minute)).toBe(true);
    expect(send(5 * minute)).toBe(false);
  });

  test("gives each object its own burst", () => {
    const correlator = createEventCorrelator();
    for (let i = 0; i < 30; i++) correlator.correlate({ ...note, message: "same", now: 0 });
    expect(correlator.correlate({ ...note, subject: "shop/api", message: "same", now: 0 })).toBeDefined();
  });
});
