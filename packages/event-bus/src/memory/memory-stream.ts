import type { Delivery, NewEntry } from "../bus.ts";

interface Pending {
  readonly offset: number;
  attempt: number;
  /** Released entries have no owner and go to whoever asks next. */
  owner: string | undefined;
}

interface Group {
  /** Offset of the last entry handed out. */
  delivered: number;
  readonly pending: Map<number, Pending>;
}

interface Kept {
  readonly offset: number;
  /** A dead letter carries its failure and how often it was tried. */
  readonly entry: NewEntry & { readonly failure?: string; readonly attempt?: number };
}

export interface StreamLimits {
  /** What is read by all groups is trimmed to this many entries. */
  readonly maxLength: number;
  /** From this many entries on nothing is accepted. */
  readonly hardLimit: number;
}

/** One stream with the rules of a Redis stream: groups, pending entries, trimming that passes nobody. Offsets count from 1. */
export class MemoryStream {
  #kept: Kept[] = [];
  #last = 0;
  readonly #groups = new Map<string, Group>();
  readonly #seen = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  get lastOffset(): number {
    return this.#last;
  }

  add(entry: Kept["entry"], o: StreamLimits & { windowMs: number; now: number }): "accepted" | "duplicate" | "full" {
    this.#forget(o.now);
    if (o.windowMs > 0 && this.#seen.has(entry.id)) return "duplicate";
    this.#trim(o.maxLength);
    if (this.#kept.length >= o.hardLimit) return "full";
    this.#kept.push({ offset: ++this.#last, entry });
    if (o.windowMs > 0) this.#seen.set(entry.id, o.now + o.windowMs);
    for (const listener of this.#listeners) listener();
    return "accepted";
  }

  /** Calls back when something can be read. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  joinGroup(name: string): void {
    if (!this.#groups.has(name)) this.#groups.set(name, { delivered: 0, pending: new Map() });
  }

  /** Released entries first, then new ones. */
  take(groupName: string, owner: string, count: number): Delivery[] {
    const group = this.#group(groupName);
    const taken: Delivery[] = [];
    for (const pending of group.pending.values()) {
      if (taken.length >= count) return taken;
      if (pending.owner !== undefined) continue;
      const kept = this.#kept.find(({ offset }) => offset === pending.offset);
      pending.owner = owner;
      pending.attempt++;
      if (kept !== undefined) taken.push(toDelivery(kept, pending.attempt));
    }
    for (const kept of this.after(group.delivered, count - taken.length)) {
      group.delivered = kept.offset;
      group.pending.set(kept.offset, { offset: kept.offset, attempt: 1, owner });
      taken.push(toDelivery(kept, 1));
    }
    return taken;
  }

  hold(group: string, offset: string, attempt: number): void {
    const pending = this.#group(group).pending.get(Number(offset));
    if (pending !== undefined) pending.attempt = attempt;
  }

  release(group: string, offsets: readonly string[]): void {
    for (const offset of offsets) {
      const pending = this.#group(group).pending.get(Number(offset));
      if (pending !== undefined) pending.owner = undefined;
    }
    for (const listener of this.#listeners) listener();
  }

  acknowledge(group: string, offsets: readonly string[]): void {
    for (const offset of offsets) this.#group(group).pending.delete(Number(offset));
  }

  /** Entries after the offset, oldest first. */
  after(offset: number, count: number): Kept[] {
    const from = this.#kept.findIndex((kept) => kept.offset > offset);
    return from < 0 ? [] : this.#kept.slice(from, from + count);
  }

  /** Entries before the offset, newest first. */
  before(offset: number, count: number): Delivery[] {
    const older = this.#kept.filter((kept) => kept.offset < offset);
    return older
      .slice(-count)
      .reverse()
      .map((kept) => toDelivery(kept, 1));
  }

  lag(name: string): number {
    const group = this.#groups.get(name);
    if (group === undefined) return this.#kept.length;
    return group.pending.size + this.after(group.delivered, Number.POSITIVE_INFINITY).length;
  }

  #group(name: string): Group {
    this.joinGroup(name);
    const group = this.#groups.get(name);
    if (group === undefined) throw new Error(`group ${name} was just made`);
    return group;
  }

  #trim(maxLength: number): void {
    const needed = [...this.#groups.values()].map(({ delivered, pending }) =>
      Math.min(delivered + 1, ...pending.keys()),
    );
    const free = this.#kept.findIndex(({ offset }) => offset >= Math.min(this.#last + 1, ...needed));
    const surplus = this.#kept.length - maxLength;
    this.#kept.splice(0, Math.max(0, Math.min(surplus, free < 0 ? this.#kept.length : free)));
  }

  #forget(now: number): void {
    // Kept in the order of their end, because the window of a stream never changes.
    for (const [id, until] of this.#seen) {
      if (until > now) return;
      this.#seen.delete(id);
    }
  }
}

/** A kept entry as a reader gets it. */
export function toDelivery({ offset, entry }: Kept, attempt: number): Delivery {
  return { attempt, ...entry, offset: String(offset) };
}
