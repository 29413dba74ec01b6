import { hookOf } from "../testing/pass-with.ts";
import { testRule } from "../testing/test-rule.ts";
import { startRun } from "./start-run.ts";

const idle = {
  phase: "Succeeded",
  lastAppliedSpec: "v1",
  routes: { primary: 100, canary: 0, mirrored: false },
} as const;
const gate = hookOf("confirm-rollout", { name: "gate" });
const pendingHook = {
  key: "1/confirm-rollout/gate/4",
  id: "gate",
  type: "confirm-rollout",
  name: "gate",
  askedAt: "",
} as const;
const open = { number: 4, startedAt: "2026-01-01T00:10:00.000Z" };
const closed = { hookResults: { "1/confirm-rollout/gate/4": { ok: false, message: "closed" } } };

testRule(startRun, {
  "has nothing to do in the middle of a run": { silent: true },
  "has nothing to do without a change": { status: { phase: "Succeeded" }, silent: true },
  "does not start a run for the promoted revision": { status: idle, target: { revision: "v1" }, silent: true },
  "begins the run; the pods come next": {
    status: idle,
    target: { replicas: 0 },
    records: { phase: "Progressing", run: 2, check: 0, targetRevision: "v2", lastAppliedSpec: "v2", failedChecks: 0 },
    tells: ["New revision detected! Scaling up app.test"],
  },
  "starts when a person asks, whatever the revision": {
    status: { phase: "Succeeded", startRequested: { actor: "jane", at: "" } },
    records: { run: 2 },
    forgets: ["startRequested"],
  },
  "asks the gate first": {
    spec: { hooks: [gate] },
    status: idle,
    records: {
      phase: "Succeeded",
      targetRevision: "v2",
      pendingHook: { ...pendingHook, askedAt: "2026-01-01T00:10:00.000Z" },
    },
  },
  "waits when it is closed, and says for which revision": {
    spec: { hooks: [gate] },
    status: { ...idle, tick: open, pendingHook },
    seen: closed,
    records: { phase: "Waiting", targetRevision: "v2", lastAppliedSpec: "v1" },
    tells: ["Halt app.test advancement waiting for approval gate"],
  },
  "asks again only after an interval": {
    spec: { hooks: [gate] },
    status: { ...idle, phase: "Waiting" },
    recheckAfterMs: 6000,
  },
  "says nothing the second time": {
    spec: { hooks: [gate] },
    status: { ...idle, phase: "Waiting", tick: open, pendingHook, noticeCount: 7 },
    seen: closed,
    records: { phase: "Waiting", noticeCount: 7 },
  },
  "starts at once when a person approves": {
    spec: { hooks: [gate] },
    status: {
      ...idle,
      phase: "Waiting",
      approvals: [{ gate: "confirm-rollout", actor: "jane", at: "", revision: "v2" }],
    },
    records: { phase: "Progressing", run: 2 },
    forgets: ["approvals"],
  },
  "takes no approval of another revision": {
    spec: { hooks: [gate] },
    status: {
      ...idle,
      phase: "Waiting",
      approvals: [{ gate: "confirm-rollout", actor: "jane", at: "", revision: "v0" }],
    },
    recheckAfterMs: 6000,
  },
  "carries the wish to skip the analysis, and whose it is": {
    spec: { skipAnalysis: true },
    status: idle,
    records: {
      override: { action: "skip", revision: "v2", actor: "spec.skipAnalysis", at: "2026-01-01T00:10:00.000Z" },
    },
  },
});
