import type { HookSpec } from "./rollout-spec.ts";
import type { CanaryStatus, FlagState, Phase, Severity } from "./status.ts";

/**
 * What to make so, in semantic words; the controller turns them into objects. Each is idempotent. `release` names a
 * template together with its configs: createPrimary and promote write it on the primary, observation reads it back.
 */
export type Effect =
  | { readonly kind: "createPrimary"; readonly release: string }
  | { readonly kind: "reconcileServices" }
  /** Router objects exist and match the spec; weights untouched (a created one sends all to the primary). */
  | { readonly kind: "reconcileRoutes" }
  | {
      readonly kind: "setRoutes";
      readonly primary: number;
      readonly canary: number;
      readonly mirror: boolean;
      /** Percent; absent means the router's default. */
      readonly mirrorWeight?: number;
    }
  | { readonly kind: "scaleTargetToZero" }
  | { readonly kind: "scaleTargetUp" }
  /** Copies template and configs to the primary, only if the target still has this revision (else fail the pass). */
  | { readonly kind: "promote"; readonly revision: string; readonly release: string }
  /** Overrides of this rollout serve exactly these flags, and no others are left. */
  | { readonly kind: "reconcileFlags"; readonly flags: readonly FlagState[] }
  | { readonly kind: "pauseAutoscaler" }
  | { readonly kind: "resumeAutoscaler" }
  | { readonly kind: "reconcilePrimaryAutoscaler"; readonly update: boolean }
  /** Removes `burgee.dev/action` if it still carries this id; an absent id means: whatever it carries (unreadable). */
  | { readonly kind: "consumeAction"; readonly id?: string }
  | { readonly kind: "consumeAnnotation"; readonly name: string }
  | { readonly kind: "addFinalizer" }
  | { readonly kind: "removeFinalizer" }
  | { readonly kind: "revertTarget" }
  | { readonly kind: "finalizeRoutes" };

/** What to tell after the status write; all of it is named in status, so nothing is lost between the two. */
export type Announcement =
  /** Publish AnalysisRequested. `at` (epoch ms) is the evaluation time and stays the same when asked again. */
  | {
      readonly kind: "check";
      readonly id: string;
      readonly run: number;
      readonly check: number;
      readonly revision: string;
      readonly weight: number;
      readonly at: number;
    }
  /** Call the webhook (unless its key is under way); the result comes back as observation.hookResults[key]. */
  | { readonly kind: "hook"; readonly key: string; readonly hook: HookSpec; readonly phase: Phase }
  /** One Kubernetes Event, one RolloutEvent, one AlertRaised when there is an alert, and the event hooks. */
  | {
      readonly kind: "notice";
      readonly id: string;
      readonly event: { readonly type: "Normal" | "Warning"; readonly message: string };
      readonly rule: string;
      readonly phase: Phase;
      /** Epoch ms. */
      readonly at: number;
      readonly actor?: string;
      readonly alert?: { readonly severity: Severity; readonly message: string; readonly withFields: boolean };
    };

/**
 * One step. The order of the fields is the order of the work: effects are made so, then the status is recorded (skip the
 * write when it equals the one seen), then the announcements are told. A crash anywhere is repeated by the next pass.
 */
export interface Decision {
  readonly rule: string;
  readonly effects: readonly Effect[];
  readonly status: CanaryStatus;
  readonly announce: readonly Announcement[];
  /** Decide again after this time even if nothing is seen to change; 0 = at once. */
  readonly recheckAfterMs?: number;
}
