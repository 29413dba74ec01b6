/** A number that is added to. */
export class Count {
  value = 0;

  add(amount: number): void {
    this.value += amount;
  }
}

/** How often values fell between bounds. */
export class Distribution {
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last is for values over all of them. Not cumulative. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  record(value: number, times = 1): void {
    const { bounds, counts } = this;
    let at = 0;
    // The bounds are few, and most values are under the first ones.
    while (at < bounds.length && value > (bounds[at] ?? 0)) at++;
    counts[at] = (counts[at] ?? 0) + times;
    this.sum += value * times;
  }

  get count(): number {
    let total = 0;
    for (const count of this.counts) total += count;
    return total;
  }
}
