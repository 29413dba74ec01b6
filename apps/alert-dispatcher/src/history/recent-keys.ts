/** A set that forgets its oldest members beyond a size. */
export interface RecentKeys {
  add(key: string): void;
  has(key: string): boolean;
}

/** Remembers the last `limit` keys. */
export function createRecentKeys(limit: number): RecentKeys {
  const keys = new Set<string>();
  return {
    add(key) {
      keys.delete(key);
      keys.add(key);
      const [oldest] = keys;
      if (keys.size > limit && oldest !== undefined) keys.delete(oldest);
    },
    has: (key) => keys.has(key),
  };
}
