import { flagEffects } from "../flags.ts";
import { hold } from "../hold.ts";
import { say } from "../notice.ts";
import { isScalable, type Pass, presentTarget, type Rule, type Step } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { resumeEffects } from "../scaling.ts";
import { canaryNotReadyText, canaryText } from "../texts.ts";

/**
 * A deleted Canary with revertOnDeletion gives everything back: its flags are withdrawn, the target is scaled up and ready before traffic is
 * pointed at it, then the finalizer goes. Without the finalizer there is nothing to do but to leave it alone.
 */
export const finalizeDeletion: Rule = {
  name: "finalizeDeletion",
  decide(pass) {
    if (!pass.seen.deleting) return undefined;
    if (!pass.seen.finalizer) return {};
    const { terminating } = pass.status;
    if (pass.status.phase !== "Terminating") return announceTermination(pass);
    if (terminating === "told") return remove(pass);
    if (terminating === "reverted") {
      const told = say(pass, pass.status, `Terminated canary ${canaryText(pass.spec)}`);
      return { status: { ...told, terminating: "told" } };
    }
    const withdrawn = flagEffects(pass, []);
    if (withdrawn.length > 0) return { effects: withdrawn };
    const { hold: _reason, ...rest } = pass.status;
    return revert(pass) ?? { effects: [{ kind: "finalizeRoutes" }], status: { ...rest, terminating: "reverted" } };
  },
};

function announceTermination(pass: Pass): Step {
  const { rollback: _rollback, pendingCheck: _check, pendingHook: _hook, ...rest } = pass.status;
  const entered = enterPhase(pass, rest, "Terminating", { terminating: "reverting", canaryWeight: 0, iterations: 0 });
  return { status: say(pass, entered, `Terminating canary ${canaryText(pass.spec)}`) };
}

function revert(pass: Pass): Step | undefined {
  const target = presentTarget(pass.seen);
  if (target === undefined) return undefined;
  if (target.replicas === 0 && isScalable(pass.spec)) {
    return { effects: [...resumeEffects(pass), { kind: "revertTarget" }] };
  }
  if (target.readiness.ready) return undefined;
  return hold(pass, canaryNotReadyText(pass.spec, target.readiness), { hint: target.readiness.hint });
}

/** The last words are delivered before the object goes, unless the bus is away: deletion waits for nobody. */
function remove(pass: Pass): Step {
  const silent = (pass.status.announcements ?? []).length === 0 || pass.seen.bus === "down";
  return silent ? { effects: [{ kind: "removeFinalizer" }] } : { recheckAfterMs: 1000 };
}
