import { testRule } from "../testing/test-rule.ts";
import { finalizeDeletion } from "./finalize-deletion.ts";

const deleted = { deleting: true, finalizer: true };
const reverting = { phase: "Terminating", terminating: "reverting" } as const;
const reverted = { phase: "Terminating", terminating: "reverted" } as const;
const told = { phase: "Terminating", terminating: "told" } as const;
const words = { id: "u1/1/n1", type: "Normal", message: "x", rule: "r", phase: "Terminating", at: "" } as const;

testRule(finalizeDeletion, {
  "leaves a Canary alone that is not deleted": { silent: true },
  "does nothing without our finalizer": { seen: { deleting: true }, effects: [] },
  "says first that it terminates, and forgets the run": {
    seen: deleted,
    status: { pendingCheck: { run: 1, check: 1, askedAt: "", specHash: "" } },
    records: { phase: "Terminating" },
    forgets: ["pendingCheck"],
    tells: ["Terminating canary app.test"],
  },
  "scales a target back up that is scaled to zero": {
    seen: deleted,
    status: reverting,
    target: { replicas: 0 },
    effects: ["revertTarget"],
  },
  "lets the autoscaler go with it": {
    seen: { ...deleted, autoscaler: { state: "present", paused: true, primary: "ok" } },
    status: reverting,
    target: { replicas: 0 },
    effects: ["resumeAutoscaler", "revertTarget"],
  },
  "waits until the target is ready": {
    seen: deleted,
    status: reverting,
    target: { readiness: { ready: false, retriable: true, message: "0 of 2" } },
    holds: "canary deployment app.test not ready: 0 of 2",
  },
  "gives the traffic back once it is": {
    seen: deleted,
    status: reverting,
    effects: ["finalizeRoutes"],
    records: { terminating: "reverted" },
  },
  "gives the routes back even when the target is gone": {
    seen: deleted,
    status: reverting,
    target: "missing",
    effects: ["finalizeRoutes"],
  },
  "says its last words before the object goes": {
    seen: deleted,
    status: reverted,
    records: { terminating: "told" },
    tells: ["Terminated canary app.test"],
  },
  "waits until they are delivered": { seen: deleted, status: { ...told, announcements: [words] }, effects: [] },
  "does not wait for a bus that is down": {
    seen: { ...deleted, bus: "down" },
    status: { ...told, announcements: [words] },
    effects: ["removeFinalizer"],
  },
  "removes the finalizer at last": { seen: deleted, status: told, effects: ["removeFinalizer"] },
});
