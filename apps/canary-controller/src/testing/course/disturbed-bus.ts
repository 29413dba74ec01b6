// A bus on bad days: what goes in and what comes out is repeated, late and in another order.
import type { Delivery, EventBus, FollowHandler, NewEntry, StreamName } from "@burgee/event-bus";

/** A number from 0 to 1, the same ones again for the same seed. */
export type Chance = () => number;

/** Mulberry32: good enough to play dice, and a failure can be played again. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Longest time that something is on its way: several intervals of a course. */
const latestMs = 60;

/**
 * Everything published arrives late, and perhaps once or twice more; `publish` answers when the stream holds it for the first time.
 * Followers get everything once, twice or three times, each time after a delay of its own, so that later entries overtake earlier
 * ones, and at times something that they got long ago.
 */
export function disturbedBus(bus: EventBus, chance: Chance): EventBus {
  const old: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();

  function later(act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, chance() * latestMs);
    timers.add(timer);
  }

  function oftenLater(act: () => void): void {
    for (let times = 1 + Math.floor(chance() * 3); times > 0; times--) later(act);
  }

  return {
    ...bus,
    async publish(stream: StreamName, entry: NewEntry) {
      await new Promise<void>((resolve) => later(resolve));
      await bus.publish(stream, entry);
      for (let times = Math.floor(chance() * 3); times > 0; times--) {
        // One that comes after the end of the course finds the bus closed.
        later(() => void bus.publish(stream, entry).catch(() => undefined));
      }
    },
    follow: (stream: StreamName, handler: FollowHandler, options) =>
      bus.follow(
        stream,
        (delivery) => {
          old.push(delivery);
          oftenLater(() => void handler(delivery));
          const again = old[Math.floor(chance() * old.length)];
          if (again !== undefined && chance() < 0.5) oftenLater(() => void handler(again));
        },
        options,
      ),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await bus.close();
    },
  };
}
