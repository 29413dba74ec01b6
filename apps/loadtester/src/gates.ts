/** A door that a webhook asks for: `confirm` lets a canary go on, `rollback` makes it go back. */
export type GateKind = "confirm" | "rollback";

export interface GateOwner {
  readonly name: string;
  readonly namespace: string;
}

/**
 * Gates as upstream has them: in memory, one of each kind a canary, closed until opened, forgotten at a restart, and never closed by
 * themselves: a gate opened for one release is open for the next.
 */
export interface Gates {
  isOpen(kind: GateKind, owner: GateOwner): boolean;
  set(kind: GateKind, owner: GateOwner, open: boolean): void;
  /** How many of a kind are open. */
  open(kind: GateKind): number;
}

/** A payload is anybody's: more names than this are not remembered as closed, which is what unknown ones are anyway. */
const maxOpen = 10_000;

/** All gates closed. They live in memory: a restart closes them. */
export function createGates(): Gates {
  const opened: Record<GateKind, Set<string>> = { confirm: new Set(), rollback: new Set() };
  const keyOf = ({ name, namespace }: GateOwner): string => `${name}.${namespace}`;
  return {
    isOpen: (kind, owner) => opened[kind].has(keyOf(owner)),
    set(kind, owner, open) {
      if (!open) opened[kind].delete(keyOf(owner));
      else if (opened[kind].size < maxOpen) opened[kind].add(keyOf(owner));
    },
    open: (kind) => opened[kind].size,
  };
}
