/** Something with a lifetime. Parts are started in order and stopped in reverse order. */
export interface Part {
  readonly name: string;
  /** Resolves when the part works, or has begun to work on it (remotes that are away are retried in the background). */
  start?(signal: AbortSignal): Promise<void> | void;
  /** Finishes what is in hand and lets go. */
  stop?(): Promise<void> | void;
}
