import type { Gate, RolloutSpec } from "../rollout-spec.ts";
import type { CanaryStatus, Routes } from "../status.ts";

/** What follows a green tick. All `gates` must be open first, in this order. */
export type Move =
  | {
      readonly kind: "advance";
      readonly gates: readonly Gate[];
      /** Absent = as they are. */
      readonly routes?: Routes;
      readonly changes: Partial<Pick<CanaryStatus, "canaryWeight" | "iterations">>;
      readonly message?: string;
    }
  | {
      readonly kind: "promote";
      readonly gates: readonly Gate[];
      readonly changes?: Partial<Pick<CanaryStatus, "iterations">>;
    };

/** How a run goes from the first step to the promotion. */
export type MoveOf = (spec: RolloutSpec, status: CanaryStatus) => Move;
