/** When a source is looked at again: upstream aligns the looks to the local wall clock, not to the last one. */
export interface Schedule {
  /** Whole seconds, at least 1. */
  readonly intervalS: number;
  /** Seconds, less than the interval. */
  readonly offsetS: number;
}

const dayS = 86_400;
const defaultIntervalS = 5;

/** The schedule of a source. Throws RangeError when the interval is over a day. */
export function createSchedule(o: { readonly interval?: number; readonly intervalSeed?: string }): Schedule {
  const { interval = 0, intervalSeed = "" } = o;
  if (interval > dayS) throw new RangeError(`interval is ${interval}, expected at most ${dayS} seconds`);
  const intervalS = interval === 0 ? defaultIntervalS : interval;
  return { intervalS, offsetS: intervalSeed === "" ? 0 : fnv1a32(intervalSeed) % intervalS };
}

/** Milliseconds from `now` until (seconds since local midnight − offset) is a multiple of the interval; never 0. */
export function untilNextLook({ intervalS, offsetS }: Schedule, now: Date): number {
  const sinceMidnight = now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds();
  const sinceLook = (((sinceMidnight - offsetS) % intervalS) + intervalS) % intervalS;
  return (intervalS - sinceLook) * 1000 - now.getMilliseconds();
}

function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
