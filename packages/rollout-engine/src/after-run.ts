import { hooksOf } from "./hook-sequence.ts";
import { say } from "./notice.ts";
import type { Pass } from "./pass.ts";
import type { RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";
import { completedText, targetText } from "./texts.ts";
import { beginTick, finishTick } from "./tick.ts";

/** The hooks to call after a run: actions on a rollback first, then post-rollout. Ids with their type. */
export function hooksAfterRun(spec: RolloutSpec, end: "promoted" | "failed" | "rolled-back"): string[] {
  const actions = end === "rolled-back" ? hooksOf(spec, "on-rollback") : [];
  return [...actions, ...hooksOf(spec, "post-rollout")].map((hook) => `${hook.type}/${hook.id}`);
}

/** A fresh tick for the hooks after a run; already over when there are none. */
export function tickAfterRun(pass: Pass, status: CanaryStatus, hooks: readonly string[]): CanaryStatus {
  const begun = beginTick(pass, status);
  return hooks.length === 0 ? finishTick(pass, begun) : begun;
}

/** The last words of a run that promoted, told after its post-rollout hooks as upstream does. */
export function sayClosing(pass: Pass, status: CanaryStatus, closing: "completed" | "skipped"): CanaryStatus {
  const target = targetText(pass.spec);
  return closing === "completed"
    ? say(pass, status, completedText(pass.spec), {
        alert: { severity: "info", message: "Canary analysis completed successfully, promotion finished." },
      })
    : say(pass, status, `Promotion completed! Canary analysis was skipped for ${target}`, {
        alert: { severity: "info", message: "Canary analysis was skipped, promotion finished." },
      });
}
