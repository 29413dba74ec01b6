/** When keys are due: one timer for all of them, however many there are. */
export interface Timetable {
  /** Of several times for one key the earliest wins. Moments are those of `performance.now`. */
  set(key: string, at: number): void;
  clear(): void;
  /** Keys that are not due yet. */
  size(): number;
}

interface Entry {
  readonly key: string;
  readonly at: number;
}

/** setTimeout cannot wait longer. */
const longestTimerMs = 2 ** 31 - 1;
/** Superseded entries are swept out when there are more of them than of the others, and more than a few. */
const fewEntries = 64;

/** Calls `onDue` once for each key, in the order of their times, never early. */
export function createTimetable(onDue: (key: string) => void): Timetable {
  const due = new Map<string, number>();
  /** A binary heap, the earliest on top. Entries whose time is no longer that of their key count for nothing. */
  let heap: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let firesAt = Number.POSITIVE_INFINITY;

  function push(entry: Entry): void {
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= entry.at) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  function pop(): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let below = heap[child];
      const right = heap[child + 1];
      if (below !== undefined && right !== undefined && right.at < below.at) {
        below = right;
        child += 1;
      }
      if (below === undefined || below.at >= last.at) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }

  function fire(): void {
    timer = undefined;
    firesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (let first = heap[0]; first !== undefined && first.at <= now; first = heap[0]) {
      pop();
      if (due.get(first.key) !== first.at) continue;
      due.delete(first.key);
      onDue(first.key);
    }
    schedule();
  }

  function schedule(): void {
    const first = heap[0];
    if (first === undefined || first.at >= firesAt) return;
    clearTimeout(timer);
    firesAt = first.at;
    timer = setTimeout(fire, Math.min(Math.max(0, Math.ceil(first.at - performance.now())), longestTimerMs));
  }

  return {
    set(key, at) {
      const earlier = due.get(key);
      if (earlier !== undefined && earlier <= at) return;
      due.set(key, at);
      push({ key, at });
      if (heap.length > 2 * due.size + fewEntries) {
        heap = [];
        for (const [kept, when] of due) push({ key: kept, at: when });
      }
      schedule();
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      firesAt = Number.POSITIVE_INFINITY;
      due.clear();
      heap = [];
    },
    size: () => due.size,
  };
}
