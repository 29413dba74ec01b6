import { testRule } from "../testing/test-rule.ts";
import { analyse } from "./analyse.ts";

const due = { number: 3, startedAt: "2026-01-01T00:09:50.000Z", finishedAt: "2026-01-01T00:09:50.000Z" };
const passed = { number: 3, startedAt: "2026-01-01T00:10:00.000Z", result: "pass" } as const;
const lastPass = { run: 1, check: 1, revision: "v2", at: "" };
const atMax = { canaryWeight: 50, routes: { primary: 50, canary: 50, mirrored: false } };

testRule(analyse, {
  "has nothing to do with an idle Canary": { status: { phase: "Succeeded" }, silent: true },
  "waits for the next interval": { recheckAfterMs: 6000 },
  "starts the rhythm anew after a tick that took longer than the interval": {
    status: { tick: { number: 3, startedAt: "2026-01-01T00:09:00.000Z", finishedAt: "2026-01-01T00:09:56.000Z" } },
    recheckAfterMs: 6000,
  },
  "does not wait longer than an interval when the clock was set back": {
    status: { tick: { number: 3, startedAt: "2026-01-01T01:00:00.000Z", finishedAt: "2026-01-01T01:00:00.000Z" } },
    recheckAfterMs: 10_000,
  },
  "names the check in status before it is asked": {
    status: { tick: due },
    records: {
      check: 2,
      pendingCheck: { run: 1, check: 2, askedAt: "2026-01-01T00:10:00.000Z", specHash: "9ee8ad8d" },
    },
    recheckAfterMs: 30_000,
  },
  "makes a step after a check that passed": {
    status: { tick: passed, lastPass },
    effects: ["setRoutes 70/30"],
    records: { canaryWeight: 30, routes: { primary: 70, canary: 30, mirrored: false } },
    tells: ["Advance app.test canary weight 30"],
  },
  "promotes at maxWeight": {
    status: { ...atMax, tick: passed, lastPass },
    records: { phase: "Promoting" },
    tells: ["Copying app.test template spec to app-primary.test"],
  },
  "never promotes on a pass of another revision": {
    status: { ...atMax, tick: passed, lastPass: { ...lastPass, revision: "v0" } },
    holds: "promotion needs a passing analysis",
  },
  "makes no step while it is paused": {
    status: { tick: passed, lastPass, paused: { actor: "jane", at: "" } },
    holds: "app.test is paused by jane",
  },
  "makes no step while the bus is down": {
    seen: { bus: "down" },
    status: { tick: passed, lastPass },
    holds: "The event bus is unavailable: no canary advances and none is promoted until it is back.",
  },
  "asks a check again that was not answered in time": {
    status: {
      tick: { number: 3, startedAt: "2026-01-01T00:09:00.000Z" },
      pendingCheck: { run: 1, check: 1, askedAt: "2026-01-01T00:09:30.000Z", specHash: "9ee8ad8d" },
    },
    records: {
      pendingCheck: {
        run: 1,
        check: 1,
        askedAt: "2026-01-01T00:09:30.000Z",
        reaskedAt: "2026-01-01T00:10:00.000Z",
        specHash: "9ee8ad8d",
      },
    },
    holds: "check 1 of run 1 was not answered by the metrics analyzer, asked again",
  },
});
