import type { Pass, Step } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

/** A stage of a tick either ends the pass or hands its status to the next stage. */
export type StageResult = { readonly stop: Step } | { readonly next: CanaryStatus };

/** One part of a tick, in upstream's order. */
export type Stage = (pass: Pass, status: CanaryStatus) => StageResult;
