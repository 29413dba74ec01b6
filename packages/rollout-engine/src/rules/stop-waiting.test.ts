import { testRule } from "../testing/test-rule.ts";
import { stopWaiting } from "./stop-waiting.ts";

const waiting = { phase: "Waiting", lastAppliedSpec: "v1", targetRevision: "v2" } as const;
const told = ["No longer waiting for approval, app.test was reverted"];

testRule(stopWaiting, {
  "goes on waiting for a revision that is still there": { status: waiting, silent: true },
  "stops when the target is the promoted one again": {
    status: waiting,
    target: { revision: "v1" },
    records: { phase: "Succeeded", targetRevision: "v1" },
    tells: told,
  },
  "stops when the target is the one that failed before": {
    status: { ...waiting, lastAppliedSpec: "v0" },
    target: { revision: "v0" },
    records: { phase: "Failed" },
    tells: told,
  },
  "goes on when a person asked for the run": {
    status: { ...waiting, startRequested: { actor: "jane", at: "" } },
    target: { revision: "v1" },
    silent: true,
  },
  "forgets a gate that was just asked": {
    status: {
      phase: "Succeeded",
      lastAppliedSpec: "v1",
      pendingHook: { key: "k", id: "gate", type: "confirm-rollout", name: "gate", askedAt: "" },
    },
    target: { revision: "v1" },
    records: { phase: "Succeeded" },
    forgets: ["pendingHook"],
  },
});
