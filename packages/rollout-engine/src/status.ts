import type { Gate, HookType } from "./rollout-spec.ts";

/** Upstream's phases; the empty one is a Canary that was never seen. */
export type Phase =
  | ""
  | "Initializing"
  | "Initialized"
  | "Waiting"
  | "Progressing"
  | "WaitingPromotion"
  | "Promoting"
  | "Finalising"
  | "Succeeded"
  | "Failed"
  | "Terminating"
  | "Terminated";

/** What a check said: `unknown` moves no counter, no weight and no iteration. */
export type CheckResult = "pass" | "fail" | "unknown";
/** The provider has no values; it cannot be asked; what it is asked is wrong. */
export type UnknownReason = "no-data" | "unreachable" | "invalid";
/** How bad an alert is. */
export type Severity = "info" | "warn" | "error";

/** Kubernetes condition; `Promoted` is always the first of the list. Times are RFC 3339. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

/** The traffic split that was decided; the routers are held to it. Percent. */
export interface Routes {
  primary: number;
  canary: number;
  mirrored: boolean;
  mirrorWeight?: number;
}

/** A flag that an override of this rollout switches: for the canary's pods, or for everybody after a promotion. */
export interface FlagState {
  name: string;
  variant: string;
  stage: "canary" | "all";
}

/** A notice that was recorded and is perhaps not yet told. The id never changes, so telling twice is telling once. */
export interface PendingNotice {
  id: string;
  type: "Normal" | "Warning";
  message: string;
  rule: string;
  phase: Phase;
  at: string;
  actor?: string;
  alert?: { severity: Severity; message: string; withFields: boolean };
}

/** One of the last checks: what each metric said. */
export interface FinishedCheck {
  run: number;
  check: number;
  result: CheckResult;
  /** Canary weight (percent) and iteration that were judged. */
  weight: number;
  iteration?: number;
  at: string;
  metrics: {
    name: string;
    result: CheckResult;
    value?: number;
    min?: number;
    max?: number;
    message?: string;
    reason?: UnknownReason;
  }[];
}

/** Where the run is between two steps. All times RFC 3339 with milliseconds. */
export interface Tick {
  /** Grows with every tick of a run; part of the hooks' idempotency keys. */
  number: number;
  startedAt: string;
  /** Absent while the tick is under way. */
  finishedAt?: string;
  /** Ids of the hooks that are done with in this tick. */
  hooksDone?: string[];
  /** What the analysis of this tick said. */
  result?: CheckResult;
}

/** A person's decision as it was recorded. */
export interface ActionRecord {
  id: string;
  action: string;
  gate?: string;
  actor: string;
  at: string;
  run: number;
  outcome: "accepted" | "ignored";
  message?: string;
}

/**
 * status of a Canary: upstream's fields and ours. It is the only memory of the engine: everything needed to resume
 * after a crash is here.
 */
export interface CanaryStatus {
  phase: Phase;
  failedChecks: number;
  canaryWeight: number;
  iterations: number;
  sessionAffinityCookie?: string;
  previousSessionAffinityCookie?: string;
  primarySessionAffinityCookie?: string;
  trackedConfigs?: Record<string, string>;
  lastAppliedSpec?: string;
  lastPromotedSpec?: string;
  lastTransitionTime?: string;
  conditions?: Condition[];

  /** Generation of the Canary that this status is about. */
  observedGeneration?: number;
  /** Grows at every (re)start of an analysis. */
  run?: number;
  /** Grows with every check asked for; starts again with the run. */
  check?: number;
  /** Revision under analysis in this run, or that waits for confirm-rollout to be. */
  targetRevision?: string;
  /** Configs that the promoted revision was copied with. */
  promotedConfigs?: Record<string, string>;
  /** Asked and not yet answered; `specHash` is what was asked. */
  pendingCheck?: { run: number; check: number; askedAt: string; reaskedAt?: string; specHash: string };
  /** Called and not yet answered. */
  pendingHook?: { key: string; id: string; type: HookType; name: string; askedAt: string };
  tick?: Tick;
  /** Traffic split that was decided last. */
  routes?: Routes;
  /** Flags that are switched (or about to be): the overrides are held to it. */
  flags?: FlagState[];
  /** The last check that passed: what makes a promotion lawful. */
  lastPass?: { run: number; check: number; revision: string; at: string };
  /** The pre-rollout hooks of this run passed. */
  opened?: boolean;
  /** The gate that was announced as waiting. */
  waitingFor?: Gate;
  /** Checks without data in a row. */
  unknownChecks?: number;
  /** Since when the canary has been ready in this run (`analysis.delay`). */
  readySince?: string;
  /** Why nothing moves; a new text is a new event. The hint says what a person can do. */
  hold?: { rule: string; message: string; since: string; hint?: string };
  paused?: { actor: string; at: string };
  /** Gates of this run that a person opened. */
  approvals?: { gate: Gate; actor: string; at: string; revision: string }[];
  /** The user asked to promote this very revision without (further) analysis. */
  override?: { action: "promote" | "skip"; revision: string; actor: string; at: string };
  /** The user asked for a (new) run although nothing changed. */
  startRequested?: { actor: string; at: string };
  /** A rollback that has begun and must be finished. */
  rollback?: { cause: string; message: string; at: string };
  /** The last promotion failed: the canary serves, the primary is not to be trusted. */
  promotionFailed?: boolean;
  /** What is still to be done after the end of a run. */
  afterRun?: { hooks: string[]; closing?: "completed" | "skipped" };
  /** How far a deletion with revertOnDeletion has come. */
  terminating?: "reverting" | "reverted" | "told";
  lastAction?: ActionRecord;
  /** Annotations that were honoured and are to be removed. */
  annotationsToRemove?: string[];
  /** Recorded and not yet told. */
  announcements?: PendingNotice[];
  /** How many notices this Canary has made; the next one's id is made from it. */
  noticeCount?: number;
  /** The last checks, newest last. */
  canaryAnalysis?: FinishedCheck[];
}
