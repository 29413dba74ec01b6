/** One remote or one warm-up that readiness depends on. Starts as down ("starting"). */
export interface ReadinessCheck {
  ok(): void;
  /** The reason is shown by /readyz: no secrets. */
  down(reason: string): void;
}

export interface ReadinessStatus {
  readonly status: "starting" | "ready" | "degraded" | "stopping";
  /** "ok" or the reason, by name. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Ready once every check was ok at the same time; from then on a check that is down makes the app `degraded`, which still is ready. */
export interface Readiness {
  /** With `optional`, the app becomes ready without it (and is then degraded): for a remote that its main work does not need. */
  add(name: string, o?: { readonly optional?: boolean }): ReadinessCheck;
  status(): ReadinessStatus;
  /** Calls back with every change of the status word. Returns how to stop. */
  onChange(fn: (status: ReadinessStatus) => void): () => void;
}

/** Readiness and the two steps that only the start and the stop of the app may take. */
export interface ReadinessControl extends Readiness {
  /** All parts are started: from here on the checks decide. */
  started(): void;
  stopping(): void;
}

/** Not ready yet, and without checks. */
export function createReadiness(): ReadinessControl {
  const checks = new Map<string, string>();
  const required = new Set<string>();
  const listeners = new Set<(status: ReadinessStatus) => void>();
  let phase: "starting" | "started" | "reached" | "stopping" = "starting";
  let last: ReadinessStatus["status"] = "starting";

  const status = (): ReadinessStatus => ({ status: word(phase, checks), checks: Object.fromEntries(checks) });
  const changed = (): void => {
    if (phase === "started" && [...required].every((name) => checks.get(name) === "ok")) phase = "reached";
    const now = status();
    if (now.status === last) return;
    last = now.status;
    for (const listener of listeners) listener(now);
  };
  return {
    add(name, o = {}) {
      checks.set(name, "starting");
      if (o.optional !== true) required.add(name);
      const set = (value: string): void => {
        checks.set(name, value);
        changed();
      };
      changed();
      return { ok: () => set("ok"), down: (reason) => set(reason === "" ? "down" : reason) };
    },
    status,
    onChange(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    started() {
      if (phase === "starting") phase = "started";
      changed();
    },
    stopping() {
      phase = "stopping";
      changed();
    },
  };
}

/** A remote that tells of every change of its state: a bus, an informer. */
export interface WatchedRemote {
  /** "up", or what it is instead. */
  state(): string;
  onState(listener: (state: string, reason?: string) => void): unknown;
}

/** Keeps a check in step with a remote: ok while it is up, else down for the reason that it gives. */
export function followState(check: ReadinessCheck, remote: WatchedRemote): void {
  if (remote.state() === "up") check.ok();
  remote.onState((state, reason) => (state === "up" ? check.ok() : check.down(reason ?? state)));
}

function allOk(checks: ReadonlyMap<string, string>): boolean {
  return [...checks.values()].every((value) => value === "ok");
}

function word(
  phase: "starting" | "started" | "reached" | "stopping",
  checks: ReadonlyMap<string, string>,
): ReadinessStatus["status"] {
  if (phase === "stopping") return "stopping";
  if (phase !== "reached") return "starting";
  return allOk(checks) ? "ready" : "degraded";
}
