import { captureLogger } from "@burgee/service-kit/testing";
import { expect, it } from "vitest";
import { createFeed, type FeedEvent } from "./feed.ts";
import type { FlagPayload, FlagSource, OnSourceState } from "./source.ts";
import { createFlagStore } from "./store.ts";

interface Hand {
  readonly source: FlagSource;
  give(document: object): void;
  say: OnSourceState;
}

/** A source that is worked by the test. */
function handSource(name: string): Hand {
  let sink: (payload: FlagPayload) => void = () => undefined;
  const hand: Hand = {
    source: {
      name,
      async start(_, deliver, onState) {
        sink = deliver;
        hand.say = onState;
      },
    },
    give: (document) => sink({ source: name, config: document, raw: JSON.stringify(document) }),
    say: () => undefined,
  };
  return hand;
}

const flag = { state: "ENABLED", variants: { on: true }, defaultVariant: "on" };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(...names: string[]) {
  const hands = names.map(handSource);
  const captured = captureLogger();
  const events: FeedEvent[] = [];
  const store = createFlagStore(names);
  const clock = { now: () => 5 };
  const sources = hands.map(({ source }) => source);
  const feed = createFeed({ sources, store, log: captured.log, clock, onEvent: (event) => events.push(event) });
  return { hands, captured, events, store, feed };
}

it("tells what happens in its order, and the status of every source", async () => {
  const { hands, events, feed } = setUp("low", "high");
  await feed.start?.(new AbortController().signal);
  expect(feed.status()).toEqual([
    { source: "low", state: "starting", flags: 0 },
    { source: "high", state: "starting", flags: 0 },
  ]);
  const [low] = hands;
  low?.give({ flags: { x: flag } });
  low?.say("up");
  low?.give({ flags: { x: flag } });
  low?.give({});
  low?.say("up");
  low?.say("down", "gone");
  await settled();
  expect(events.map(({ kind }) => kind)).toEqual(["loaded", "loaded", "rejected", "down"]);
  expect(feed.status()[0]).toEqual({ source: "low", state: "down", reason: "gone", loadedMs: 5, flags: 1 });
});

it("loads documents that come at once one after the other, so that the last good one counts", async () => {
  const { hands, events, store, feed } = setUp("s");
  await feed.start?.(new AbortController().signal);
  for (let i = 0; i < 50; i++) hands[0]?.give({ flags: { [`f${i}`]: flag } });
  hands[0]?.give({});
  await settled();
  expect(events).toHaveLength(51);
  expect([...store.snapshot().view({ kind: "all" }).keys()]).toEqual(["f49"]);
});

it("says once which flags a later source overrides, without credentials", async () => {
  const { hands, captured, feed } = setUp("http://user:s3cret@low/f.json", "high");
  await feed.start?.(new AbortController().signal);
  for (const hand of hands) hand.give({ flags: { x: flag } });
  await settled();
  hands[1]?.give({ flags: { x: flag, y: flag } });
  await settled();
  const told = captured.events.filter(({ msg }) => msg === "flags are overridden by a later source");
  expect(told).toMatchObject([{ level: "info", count: 1, flags: ["http://***@low/f.json: x"] }]);
});
