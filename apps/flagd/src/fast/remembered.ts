import type { Resolved } from "@burgee/flag-engine";

/**
 * Writes each answer once. The engine makes the answers of a flag when it compiles it and returns the same objects again and
 * again, so what is written is found by identity, and is forgotten together with that version of the flag.
 */
export function remembered<T>(write: (resolved: Resolved) => T): (resolved: Resolved) => T {
  const written = new WeakMap<Resolved, T>();
  return (resolved) => {
    const known = written.get(resolved);
    if (known !== undefined) return known;
    const made = write(resolved);
    written.set(resolved, made);
    return made;
  };
}
