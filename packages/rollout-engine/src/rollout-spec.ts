/** The strategies a run can follow; the names are upstream's `deployment_strategy` label values. */
export type Strategy = "canary" | "ab-testing" | "blue-green";

/** Every webhook type of the CRD, plus `on-rollback`: an action called once after a rollback. */
export type HookType =
  | "confirm-rollout"
  | "pre-rollout"
  | "rollout"
  | "confirm-traffic-increase"
  | "confirm-promotion"
  | "post-rollout"
  | "rollback"
  | "on-rollback"
  | "event";

/** The hook types that hold a run until they pass or a person approves. */
export type Gate = "confirm-rollout" | "confirm-traffic-increase" | "confirm-promotion";

/** A webhook with its defaults applied. `id` is unique within the Canary (the name, or `name#2` for a repeated one). */
export interface HookSpec {
  readonly id: string;
  readonly name: string;
  readonly type: HookType;
  readonly url: string;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly muteAlert: boolean;
  readonly disableTLS: boolean;
  /** As written, any JSON; variables are expanded by the caller of the hook. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Filter of event hooks; empty means every event. */
  readonly events: readonly string[];
  /** A rollout hook runs only from this canary weight (percent). */
  readonly minWeight: number;
}

/** One metric of the analysis, as the analyzer is asked for it. */
export interface MetricSpec {
  readonly name: string;
  /** Go duration; "1m" for built-in and inline metrics without one, else as written ("" when absent). */
  readonly interval: string;
  readonly min?: number;
  readonly max?: number;
  /** Deprecated single threshold; only when there is no range. */
  readonly threshold?: number;
  readonly query?: string;
  readonly templateRef?: { readonly name: string; readonly namespace: string };
  readonly templateVariables: Readonly<Record<string, string>>;
}

/** One entry of `analysis.alerts`; the controller routes an alert by it. */
export interface AlertRoute {
  readonly name: string;
  readonly severity: "" | "info" | "warn" | "error";
  readonly providerRef: { readonly name: string; readonly namespace: string };
}

/** A flag that a release switches together with itself. */
export interface FlagSpec {
  readonly name: string;
  readonly variant: string;
  /** FeatureFlag object that has the flag; absent = the only one of the namespace that does. */
  readonly featureFlag?: string;
}

/** A Canary with every default applied: all that the engine needs to know of the user's wishes. Durations are milliseconds, weights percent. */
export interface RolloutSpec {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly generation: number;
  readonly target: { readonly kind: string; readonly name: string };
  /** Name of the apex Service. */
  readonly service: string;
  readonly provider: string;
  /** False when the provider cannot split traffic (plain Kubernetes Services). */
  readonly routed: boolean;
  readonly strategy: Strategy;
  readonly intervalMs: number;
  readonly threshold: number;
  /** Checks of A/B and blue/green; for a weighted canary the green checks held at maxWeight. */
  readonly iterations: number;
  readonly maxWeight: number;
  readonly stepWeight: number;
  readonly stepWeights: readonly number[];
  readonly stepWeightPromotion: number;
  readonly mirror: boolean;
  /** 0 means the router's own default (all of it). */
  readonly mirrorWeight: number;
  /** How much the mirrored share grows with every green check; 0 = it does not. */
  readonly mirrorStepWeight: number;
  readonly maxMirrorWeight: number;
  readonly delayMs: number;
  readonly unknownThreshold: number;
  readonly onUnknown: "hold" | "rollback";
  readonly failurePolicy: "cumulative" | "consecutive";
  readonly hooks: readonly HookSpec[];
  readonly metrics: readonly MetricSpec[];
  readonly alerts: readonly AlertRoute[];
  readonly skipAnalysis: boolean;
  readonly suspend: boolean;
  /** Canaries that must have finished before a run starts; absent means none. */
  readonly dependsOn?: readonly { readonly name: string; readonly namespace: string }[];
  readonly revertOnDeletion: boolean;
  readonly dryRun: boolean;
  readonly hasAutoscaler: boolean;
  readonly progressDeadlineMs: number;
  /** Flags that are switched with the release. */
  readonly flags?: readonly FlagSpec[];
  /** The router shows the flags to a share of the users: they are not switched for the canary's pods. */
  readonly rampedFlags?: boolean;
  /** Hash of what the analyzer is asked: a change makes a pending check worthless. */
  readonly specHash: string;
  /** What was changed silently to fit the provider or decided for the user; told as events (Warning first ones of upstream). */
  readonly adaptations: readonly { readonly type: "Normal" | "Warning"; readonly message: string }[];
}
