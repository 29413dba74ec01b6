import type { RolloutSpec, Strategy } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";
import { abTesting } from "./ab-testing.ts";
import { blueGreen } from "./blue-green.ts";
import type { Move, MoveOf } from "./strategy.ts";
import { weighted } from "./weighted.ts";

const strategies: Readonly<Record<Strategy, MoveOf>> = {
  canary: weighted,
  "ab-testing": abTesting,
  "blue-green": blueGreen,
};

/** The next move of the Canary's strategy. */
export function nextMove(spec: RolloutSpec, status: CanaryStatus): Move {
  return strategies[spec.strategy](spec, status);
}
