/** The middle value; the mean of the two middle ones when their number is even. NaN of nothing. */
export function median(values: readonly number[]): number {
  return (percentile(values, 0.5, "lower") + percentile(values, 0.5, "upper")) / 2;
}

/** The value that this share (0 to 1) of the values does not exceed, by nearest rank. NaN of nothing. */
export function percentile(values: readonly number[], share: number, side: "lower" | "upper" = "upper"): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  return sorted[side === "lower" ? Math.floor(position) : Math.ceil(position)] ?? Number.NaN;
}

/** The median of one figure of each subject, by the subject's name. */
export function medians<T>(
  samples: ReadonlyMap<string, readonly T[]>,
  figure: (sample: T) => number,
): Record<string, number> {
  return Object.fromEntries([...samples].map(([name, taken]) => [name, median(taken.map(figure))]));
}

/** Three digits are more than a benchmark can tell. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
