import { sayClosing } from "../after-run.ts";
import { nextHook } from "../hook-sequence.ts";
import { say, warn } from "../notice.ts";
import type { Pass, Rule, Step } from "../pass.ts";
import type { HookSpec } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";
import { finishTick } from "../tick.ts";

/** Calls what is to be called after a run, one hook after the other, then says the closing words. */
export const finishAfterRun: Rule = {
  name: "finishAfterRun",
  decide(pass) {
    return pass.status.afterRun === undefined ? undefined : callNext(pass, pass.status, pass.status.afterRun);
  },
};

function callNext(pass: Pass, status: CanaryStatus, afterRun: NonNullable<CanaryStatus["afterRun"]>): Step {
  const hooks = afterRun.hooks.flatMap((id) => pass.spec.hooks.filter((hook) => hookName(hook) === id));
  const turn = nextHook(pass, status, hooks.slice(0, 1));
  switch (turn.kind) {
    case "awaited":
      return { status: turn.status };
    case "done":
      return { status: closed(pass, status, afterRun.closing) };
    case "answered": {
      const told = tell(pass, turn);
      const rest = hooks.slice(1).map(hookName);
      // Upstream's rule: the first post-rollout hook that fails is the last one called.
      const left = turn.ok || turn.hook.type !== "post-rollout" ? rest : [];
      if (left.length === 0) return { status: closed(pass, told, afterRun.closing) };
      const next = { ...afterRun, hooks: left };
      return callNext(pass, { ...told, afterRun: next }, next);
    }
  }
}

function tell(pass: Pass, turn: { hook: HookSpec; ok: boolean; message: string; status: CanaryStatus }): CanaryStatus {
  const { hook, status } = turn;
  const kind = hook.type === "post-rollout" ? "Post-rollout" : "Rollback";
  return turn.ok
    ? say(pass, status, `${kind} ${hook.type === "post-rollout" ? "check" : "action"} ${hook.name} passed`)
    : warn(pass, status, `${kind} hook ${hook.name} failed ${turn.message}`);
}

function closed(pass: Pass, status: CanaryStatus, closing: "completed" | "skipped" | undefined): CanaryStatus {
  const { afterRun: _done, ...rest } = status;
  const ended = finishTick(pass, rest);
  return closing === undefined ? ended : sayClosing(pass, ended, closing);
}

function hookName(hook: HookSpec): string {
  return `${hook.type}/${hook.id}`;
}
