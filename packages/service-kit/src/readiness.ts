/** One remote or one warm-up that readiness depends on. Starts as down ("starting"). */
export interface ReadinessCheck {
  ok(): void;
  /** The reason is shown by /readyz: no secrets. */
  down(reason: string): void;
}

export interface ReadinessStatus {
  readonly status: "starting" | "ready" | "degraded" | "stopping";
  readonly checks: Readonly<Record<string, string>>;
}

/** Ready once every check was ok at the same time; from then on a check that is down makes the app `degraded`, which still is ready. */
export interface Readiness {
  add(name: string): ReadinessCheck;
  /** `checks` holds "ok" or the reason by name. */
  status(): ReadinessStatus;
  /** Calls back with every change of the status word. Returns how to stop. */
  onChange(fn: (status: ReadinessStatus) => void): () => void;
}
