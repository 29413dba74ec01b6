/**
 * Smooth weighted round-robin (the algorithm of nginx's upstream module): of every `sum(weights)` picks, each item gets
 * exactly its weight, spread as evenly as possible. Keeps its place when only the weights change.
 */
export interface WeightedChoice {
  /** The next key; undefined when all weights are 0. Keys that were not in the last call start fresh. */
  next(weights: ReadonlyMap<string, number>): string | undefined;
}

export function createWeightedChoice(): WeightedChoice {
  let current = new Map<string, number>();
  return {
    next(weights) {
      const kept = new Map<string, number>();
      let total = 0;
      let best: string | undefined;
      let bestScore = Number.NEGATIVE_INFINITY;
      for (const [key, weight] of weights) {
        if (weight <= 0) continue;
        total += weight;
        const score = (current.get(key) ?? 0) + weight;
        kept.set(key, score);
        if (score > bestScore) {
          bestScore = score;
          best = key;
        }
      }
      if (best !== undefined) kept.set(best, bestScore - total);
      current = kept;
      return best;
    },
  };
}
