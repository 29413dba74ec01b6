import { hold, holdForAutoscaler } from "../hold.ts";
import { say } from "../notice.ts";
import { isScalable, type Pass, presentPrimary, presentTarget, type Rule, type Step } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { releaseOf } from "../revision.ts";
import { allToPrimary, routeEffects, routesAre } from "../routes.ts";
import { scaleDownEffects } from "../scaling.ts";
import { canaryText, primaryNotReadyText } from "../texts.ts";
import type { CanaryStatus } from "../status.ts";

/**
 * First contact with a workload, without a moment of downtime: the primary is made and ready before the Services point at
 * it, and traffic is on it before the target is scaled down. Until then users are served by the target as ever, so a
 * primary that never becomes ready is waited for, and made again from a newer target.
 */
export const initialize: Rule = {
  name: "initialize",
  decide(pass) {
    if (pass.status.phase !== "Initializing") return undefined;
    return primaryStep(pass) ?? trafficStep(pass) ?? scaleDownStep(pass) ?? { status: initialized(pass) };
  },
};

function primaryStep(pass: Pass): Step | undefined {
  const target = presentTarget(pass.seen);
  const primary = presentPrimary(pass.seen);
  if (target === undefined) return undefined;
  const release = releaseOf(target.revision, target.configs);
  if (primary === undefined) return { effects: [{ kind: "createPrimary", release }] };
  if (primary.readiness.ready) return undefined;
  if (primary.release !== undefined && primary.release !== release) {
    return { effects: [{ kind: "promote", revision: target.revision, release }] };
  }
  return hold(pass, primaryNotReadyText(pass.spec, primary.readiness.message), { hint: primary.readiness.hint });
}

function trafficStep(pass: Pass): Step | undefined {
  const { autoscaler, routes, services } = pass.seen;
  if (autoscaler?.state === "missing") return holdForAutoscaler(pass, autoscaler.message);
  if (autoscaler?.primary === "missing") return { effects: [{ kind: "reconcilePrimaryAutoscaler", update: false }] };
  if (services !== "ok") return { effects: [{ kind: "reconcileServices" }] };
  if (!pass.spec.routed) return undefined;
  if (routes.state === "error") {
    return hold(pass, routes.message ?? "routes cannot be read", { hint: routes.hint });
  }
  if (routes.state === "missing" || routes.drifted) return { effects: [{ kind: "reconcileRoutes" }] };
  return routesAre(pass, allToPrimary) ? undefined : { effects: routeEffects(pass, allToPrimary) };
}

function scaleDownStep(pass: Pass): Step | undefined {
  const target = presentTarget(pass.seen);
  if (target === undefined || target.replicas === 0 || !isScalable(pass.spec)) return undefined;
  return { effects: scaleDownEffects(pass) };
}

function initialized(pass: Pass): CanaryStatus {
  const { spec } = pass;
  const target = presentTarget(pass.seen);
  const primary = presentPrimary(pass.seen);
  if (target === undefined) return pass.status;
  // A target that changed since the primary was copied is a new revision from the first moment on.
  const copied = primary?.release === undefined || primary.release === releaseOf(target.revision, target.configs);
  const revision = copied ? target.revision : (primary?.release ?? target.revision);
  const configs =
    target.configs === undefined
      ? {}
      : { trackedConfigs: { ...target.configs }, promotedConfigs: { ...target.configs } };
  const entered = enterPhase(pass, pass.status, "Initialized", {
    canaryWeight: 0,
    failedChecks: 0,
    iterations: 0,
    lastAppliedSpec: revision,
    lastPromotedSpec: revision,
    targetRevision: revision,
    routes: allToPrimary,
    ...configs,
  });
  const told = say(pass, entered, `Initialization done! ${canaryText(spec)}`, {
    alert: {
      severity: "info",
      message: `New ${spec.target.kind} detected, initialization completed.`,
      withFields: true,
    },
  });
  return spec.adaptations
    .filter((adaptation) => adaptation.type === "Normal")
    .reduce((status, adaptation) => say(pass, status, adaptation.message), told);
}
