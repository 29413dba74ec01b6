import { testRule } from "../testing/test-rule.ts";
import { restartOnNewRevision } from "./restart-on-new-revision.ts";

const newer = { revision: "v3" };
const told = ["New revision detected! Restarting analysis for app.test"];

testRule(restartOnNewRevision, {
  "goes on with the revision of the run": { silent: true },
  "begins anew with a new one, all traffic on the primary": {
    target: newer,
    status: {
      failedChecks: 1,
      iterations: 2,
      lastPass: { run: 1, check: 1, revision: "v2", at: "" },
      pendingCheck: { run: 1, check: 2, askedAt: "", specHash: "" },
      approvals: [{ gate: "confirm-promotion", actor: "jane", at: "", revision: "v2" }],
      override: { action: "promote", revision: "v2", actor: "jane", at: "" },
    },
    effects: ["setRoutes 100/0"],
    records: {
      run: 2,
      check: 0,
      targetRevision: "v3",
      failedChecks: 0,
      iterations: 0,
      canaryWeight: 0,
      routes: { primary: 100, canary: 0, mirrored: false },
    },
    forgets: ["lastPass", "pendingCheck", "approvals", "override", "tick", "opened"],
    tells: told,
  },
  "begins anew with new configs": {
    target: { configs: { "configmap/app": "2" } },
    status: { trackedConfigs: { "configmap/app": "1" } },
    effects: ["setRoutes 100/0"],
    records: { run: 2, trackedConfigs: { "configmap/app": "2" } },
    tells: told,
  },
  "begins anew while a gate waits": {
    target: newer,
    status: { phase: "WaitingPromotion" },
    effects: ["setRoutes 100/0"],
    records: { phase: "Progressing", run: 2 },
  },
  "begins anew when a person asks": {
    status: { startRequested: { actor: "jane", at: "" } },
    effects: ["setRoutes 100/0"],
    records: { run: 2, targetRevision: "v2" },
    forgets: ["startRequested"],
    tells: ["Restarting analysis for app.test"],
  },
  "begins anew when a promotion was decided and nothing is copied": {
    target: newer,
    status: { phase: "Promoting" },
    effects: ["setRoutes 100/0"],
    records: { phase: "Progressing", run: 2 },
  },
  "is too late once the copy is made": {
    target: newer,
    status: { phase: "Promoting" },
    primary: { release: "v2" },
    silent: true,
  },
  "leaves the traffic on the canary while the primary is broken": {
    target: newer,
    status: { promotionFailed: true, routes: { primary: 0, canary: 100, mirrored: false } },
    effects: [],
    records: { run: 2, canaryWeight: 100 },
  },
});
