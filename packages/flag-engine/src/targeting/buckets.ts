import type { JsonList, JsonValue } from "../json.ts";
import { isList } from "../json.ts";

const largestWeight = 2 ** 31 - 1;

export interface Buckets {
  readonly variants: JsonList;
  /** Where each variant's share ends; ascending, the last one is the total. */
  readonly ends: readonly number[];
  readonly total: number;
}

/** Reads `[variant]` and `[variant, weight]` pairs; undefined when one of them or the sum of weights cannot be used. */
export function parseBuckets(pairs: readonly JsonValue[]): Buckets | undefined {
  const variants: JsonValue[] = [];
  const ends: number[] = [];
  let total = 0;
  for (const pair of pairs) {
    if (!isList(pair)) return undefined;
    const [variant, weight = null] = pair;
    const share = weightOf(weight);
    if (variant === undefined || share === undefined || (typeof variant === "object" && variant !== null))
      return undefined;
    total += share;
    variants.push(variant);
    ends.push(total);
  }
  return total > largestWeight ? undefined : { variants, ends, total };
}

/** A missing weight is 1, a negative one 0; it must be whole and fit 31 bits. */
function weightOf(weight: JsonValue): number | undefined {
  if (weight === null) return 1;
  if (typeof weight !== "number" || !Number.isInteger(weight) || weight > largestWeight) return undefined;
  // int64 in upstream: below that the conversion no longer gives the same number back, which it refuses.
  return weight < -(2 ** 63) ? undefined : Math.max(0, weight);
}

/** floor(hash × total / 2³²) for a 32-bit hash and a 31-bit total, exact without big integers. */
export function bucketOf(hash: number, total: number): number {
  if (total <= 0x20_0000) return Math.floor((hash * total) / 0x1_0000_0000);
  const low = Math.floor(((hash & 0xffff) * total) / 0x1_0000);
  return Math.floor(((hash >>> 16) * total + low) / 0x1_0000);
}

/** The variant in whose share the bucket lies; null when all weights are zero. */
export function pick(buckets: Buckets, bucket: number): JsonValue {
  const { ends, variants } = buckets;
  for (let i = 0; i < ends.length; i++) {
    if (bucket < (ends[i] ?? 0)) return variants[i] ?? null;
  }
  return null;
}
