import { testRule } from "../testing/test-rule.ts";
import { finaliseAfterInterval } from "./finalise-after-interval.ts";

const long = { number: 4, startedAt: "2026-01-01T00:09:00.000Z", finishedAt: "2026-01-01T00:09:00.000Z" };
const finalising = { phase: "Finalising", tick: long, failedChecks: 1 } as const;

testRule(finaliseAfterInterval, {
  "is about finalising only": { silent: true },
  "leaves the canary time to drain": { status: { phase: "Finalising" }, recheckAfterMs: 6000 },
  "scales the canary down and remembers what is promoted": {
    status: { ...finalising, trackedConfigs: { "configmap/app": "1" } },
    effects: ["scaleTargetToZero"],
    records: {
      phase: "Succeeded",
      lastPromotedSpec: "v2",
      lastAppliedSpec: "v2",
      promotedConfigs: { "configmap/app": "1" },
      failedChecks: 1,
    },
    tells: ["Promotion completed! Scaling down app.test"],
  },
  "remembers the promoted revision, not a newer one that came meanwhile": {
    status: finalising,
    target: { revision: "v3" },
    effects: ["scaleTargetToZero"],
    records: { lastPromotedSpec: "v2", lastAppliedSpec: "v2" },
  },
  "says that the analysis was skipped": {
    status: { ...finalising, override: { action: "skip", revision: "v2", actor: "jane", at: "" } },
    seen: { annotations: { skipAnalysis: true, reset: false } },
    effects: ["scaleTargetToZero"],
    records: { annotationsToRemove: ["flagger.app/skip-analysis"] },
    forgets: ["override"],
    tells: ["Promotion completed! Canary analysis was skipped for app.test"],
  },
  "does not take a dry run for a promotion": {
    spec: { dryRun: true },
    status: finalising,
    effects: ["scaleTargetToZero"],
    records: { phase: "Succeeded", lastPromotedSpec: "v1" },
  },
  "keeps the canary while the primary is not ready": {
    status: finalising,
    primary: { readiness: { ready: false, retriable: true, message: "1 of 2" } },
    silent: true,
  },
});
