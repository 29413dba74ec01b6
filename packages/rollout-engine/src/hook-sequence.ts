import { momentFromMs } from "./moment.ts";
import type { Pass } from "./pass.ts";
import type { HookSpec, HookType, RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";

/** The hooks of one type, in list order. */
export function hooksOf(spec: RolloutSpec, type: HookType): readonly HookSpec[] {
  return spec.hooks.filter((hook) => hook.type === type);
}

/** Idempotency key of one call: run/type/name/iteration. */
function hookKey(status: CanaryStatus, hook: HookSpec): string {
  return `${status.run ?? 0}/${hook.type}/${hook.id}/${status.tick?.number ?? 0}`;
}

/** Where a list of hooks stands: all answered, one just named in status or awaited, or one that answered now. */
export type HookTurn =
  | { readonly kind: "done" }
  | { readonly kind: "awaited"; readonly status: CanaryStatus }
  | {
      readonly kind: "answered";
      readonly hook: HookSpec;
      readonly ok: boolean;
      readonly message: string;
      readonly status: CanaryStatus;
    };

/**
 * Takes the next hook of the list that this tick has not finished. The call is made only after a status that names it is
 * written; its answer is taken only for exactly that call.
 */
export function nextHook(pass: Pass, status: CanaryStatus, hooks: readonly HookSpec[]): HookTurn {
  const done = status.tick?.hooksDone ?? [];
  const hook = hooks.find((h) => !done.includes(doneId(h)));
  if (hook === undefined) return { kind: "done" };
  const key = hookKey(status, hook);
  if (status.pendingHook?.key !== key) {
    const askedAt = momentFromMs(pass.seen.now);
    return {
      kind: "awaited",
      status: { ...status, pendingHook: { key, id: hook.id, type: hook.type, name: hook.name, askedAt } },
    };
  }
  const result = pass.seen.hookResults[key];
  if (result === undefined) return { kind: "awaited", status };
  const { pendingHook: _answered, ...rest } = status;
  const tick = status.tick === undefined ? {} : { tick: { ...status.tick, hooksDone: [...done, doneId(hook)] } };
  return { kind: "answered", hook, ok: result.ok, message: result.message, status: { ...rest, ...tick } };
}

function doneId(hook: HookSpec): string {
  return `${hook.type}/${hook.id}`;
}
