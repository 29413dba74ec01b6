import type { HookSpec } from "../rollout-spec.ts";
import { hookOf } from "../testing/pass-with.ts";
import { testRule } from "../testing/test-rule.ts";
import { finishAfterRun } from "./finish-after-run.ts";

const spec = {
  hooks: [
    hookOf("on-rollback", { name: "undo" }),
    hookOf("post-rollout", { name: "done" }),
    hookOf("post-rollout", { name: "mail" }),
  ],
};
const tick = { number: 4, startedAt: "2026-01-01T00:10:00.000Z" };
const asked = (id: string, type: HookSpec["type"]) => ({ key: `1/${type}/${id}/4`, id, type, name: id, askedAt: "" });
const answer = (key: string, ok: boolean) => ({ hookResults: { [key]: { ok, message: "no such job" } } });

testRule(finishAfterRun, {
  "has nothing to do after a run without hooks": { silent: true },
  "names the first hook in status before it is called": {
    spec,
    status: { phase: "Failed", tick, afterRun: { hooks: ["on-rollback/undo", "post-rollout/done"] } },
    records: { pendingHook: { ...asked("undo", "on-rollback"), askedAt: "2026-01-01T00:10:00.000Z" } },
  },
  "goes on to the next one": {
    spec,
    status: {
      phase: "Failed",
      tick,
      afterRun: { hooks: ["on-rollback/undo", "post-rollout/done"] },
      pendingHook: asked("undo", "on-rollback"),
    },
    seen: answer("1/on-rollback/undo/4", true),
    records: { afterRun: { hooks: ["post-rollout/done"] } },
    tells: ["Rollback action undo passed"],
  },
  "calls no post-rollout hook after one that failed": {
    spec,
    status: {
      phase: "Failed",
      tick,
      afterRun: { hooks: ["post-rollout/done", "post-rollout/mail"] },
      pendingHook: asked("done", "post-rollout"),
    },
    seen: answer("1/post-rollout/done/4", false),
    forgets: ["afterRun", "pendingHook"],
    tells: ["Post-rollout hook done failed no such job"],
  },
  "says the closing words of a promotion last": {
    spec,
    status: {
      phase: "Succeeded",
      tick,
      afterRun: { hooks: ["post-rollout/mail"], closing: "completed" },
      pendingHook: asked("mail", "post-rollout"),
    },
    seen: answer("1/post-rollout/mail/4", true),
    tells: ["Post-rollout check mail passed", "Promotion completed! Scaling down app.test"],
  },
  "passes over a hook that was taken out of the spec": {
    status: { phase: "Succeeded", tick, afterRun: { hooks: ["post-rollout/gone"], closing: "skipped" } },
    forgets: ["afterRun"],
    tells: ["Promotion completed! Canary analysis was skipped for app.test"],
  },
});
