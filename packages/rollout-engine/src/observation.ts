import type { Gate } from "./rollout-spec.ts";
import type { CheckResult, FlagState, UnknownReason } from "./status.ts";

/**
 * Readiness of a workload. `retriable: false` ends the rollout (progress deadline); the message is the detail without its prefix, the hint
 * what keeps its pods and what would help, where that is known.
 */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly retriable: boolean; readonly message: string; readonly hint?: string };

/** What a hook answered. */
export interface HookResult {
  readonly ok: boolean;
  /** The error text of a failure, as upstream words it; without secrets. */
  readonly message: string;
}

/** What one metric of a check said. */
export interface MetricSeen {
  readonly name: string;
  readonly result: CheckResult;
  readonly value?: number;
  readonly min?: number;
  readonly max?: number;
  readonly message?: string;
  /** Why it is unknown. */
  readonly reason?: UnknownReason;
}

/** The answer to a check that was asked for. */
export interface VerdictSeen {
  readonly run: number;
  readonly check: number;
  readonly result: CheckResult;
  readonly metrics: readonly MetricSeen[];
  /** Epoch ms. */
  readonly at: number;
}

/** The annotation `burgee.dev/action`, parsed. The engine itself compares run and revision. */
export interface HumanAction {
  readonly id: string;
  readonly action: "approve" | "pause" | "resume" | "promote" | "rollback" | "restart" | "skip";
  readonly gate?: Gate;
  readonly run: number;
  readonly revision: string;
  readonly actor: string;
  /** Epoch ms. */
  readonly at: number;
}

/** The target workload. `replicas` is what it is scaled to; 0 also for a DaemonSet that is marked as scaled to zero. */
export type TargetSeen =
  | { readonly state: "missing"; readonly message: string; readonly hint?: string | undefined }
  | {
      readonly state: "present";
      /** Hash of the pod template (or what stands for it). */
      readonly revision: string;
      /** Checksums of the tracked configs; undefined when tracking is off. */
      readonly configs: Readonly<Record<string, string>> | undefined;
      readonly readiness: Readiness;
      readonly replicas: number;
      readonly image: string;
    };

/** The primary workload. `release` is what createPrimary or promote wrote at the copy (see Effect). */
export type PrimarySeen =
  | { readonly state: "missing" }
  | {
      readonly state: "present";
      readonly readiness: Readiness;
      readonly replicas: number;
      readonly release: string | undefined;
    };

/** Router objects and the split they ask for. For a provider without routing: state ok, 100/0. */
export interface RoutesSeen {
  readonly state: "missing" | "ok" | "error";
  readonly primary: number;
  readonly canary: number;
  readonly mirrored: boolean;
  readonly mirrorWeight?: number;
  /** What is wrong, when state is error. */
  readonly message?: string;
  /** Why the split has no effect although it is known: nothing more may be given to the canary; what leads away from it works. */
  readonly problem?: string;
  /** What would help. */
  readonly hint?: string;
  /** Something other than the weights differs from the spec. */
  readonly drifted: boolean;
}

/** Why a flag cannot be switched: it or its variant is not there, its user disabled it, or another release has it. */
export interface FlagProblem {
  readonly name: string;
  readonly reason: "Missing" | "Disabled" | "InUse";
  /** What is wrong, with its value and what would be right. */
  readonly message: string;
  /** What a person can do. */
  readonly hint?: string;
}

/** The flags of the spec, and what overrides of this rollout make of them. */
export interface FlagsSeen {
  /** What the overrides serve. */
  readonly laid: readonly FlagState[];
  /** An override is not as it was written. */
  readonly drifted: boolean;
  /** Flags that cannot be switched. What is laid over them already stays. */
  readonly unresolved: readonly FlagProblem[];
  /** By flag, the variant that the user's own FeatureFlag serves everybody. */
  readonly serves: Readonly<Record<string, string>>;
}

/** A canary that this one waits for. The message says where it stands: "is Progressing". */
export interface DependencySeen {
  readonly name: string;
  readonly namespace: string;
  readonly state: "done" | "pending" | "failed";
  readonly message: string;
}

/** All that one decision sees: plain data, gathered by observe(). */
export interface Observation {
  /** Epoch ms. */
  readonly now: number;
  readonly deleting: boolean;
  /** Our finalizer is on the object. */
  readonly finalizer: boolean;
  readonly target: TargetSeen;
  readonly primary: PrimarySeen;
  /** The generated Services: apex, primary, canary. */
  readonly services: "missing" | "drifted" | "ok";
  readonly routes: RoutesSeen;
  /** Absent when neither the spec nor the status names any. */
  readonly flags?: FlagsSeen;
  /** Absent when the spec names none. `paused` is about the target's, `primary` about the copy. */
  readonly autoscaler?: {
    readonly state: "missing" | "present";
    /** What is missing. */
    readonly message?: string;
    readonly paused: boolean;
    readonly primary: "missing" | "drifted" | "ok";
  };
  /** Results of hooks by key. */
  readonly hookResults: Readonly<Record<string, HookResult>>;
  readonly verdict?: VerdictSeen;
  readonly action?: HumanAction;
  /** The action annotation cannot be read: what is wrong and what would be right. */
  readonly actionProblem?: string;
  readonly annotations: {
    readonly skipAnalysis: boolean;
    readonly reset: boolean;
    /** Those that ask for nothing as they are: what they are and what would be right. */
    readonly problems?: readonly string[];
  };
  /** In the order of `spec.dependsOn`; absent when it names none. */
  readonly dependencies?: readonly DependencySeen[];
  readonly bus: "up" | "down";
  /**
   * What this process has told: ids of notices that were delivered, ids of checks (`uid/run/check`) that were published and
   * keys of hooks whose call is under way or done. Empty after a restart, so everything outstanding is told again.
   */
  readonly announced: readonly string[];
}
