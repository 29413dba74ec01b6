import { describe, expect, test } from "vitest";
import type { HumanAction } from "../observation.ts";
import type { CanaryStatus } from "../status.ts";
import { type Given, now, passWith } from "../testing/pass-with.ts";
import { takeAction } from "./action.ts";

const by = { actor: "jane", at: "2026-01-01T00:10:00.000Z" };

interface Case extends Pick<Given, "status" | "target"> {
  readonly action: Partial<HumanAction>;
  readonly records?: Partial<CanaryStatus>;
  readonly forgets?: readonly (keyof CanaryStatus)[];
  readonly tells: readonly string[];
  readonly alerts?: number;
}

const cases: Readonly<Record<string, Case>> = {
  "pauses a run": {
    action: { action: "pause" },
    records: { paused: by },
    tells: ["jane asked to pause app.test"],
  },
  "resumes it": {
    action: { action: "resume" },
    status: { paused: by },
    forgets: ["paused"],
    tells: ["jane asked to resume app.test"],
  },
  "resumes nothing that is not paused": {
    action: { action: "resume" },
    tells: ["Ignored: jane asked to resume app.test: it is not paused"],
  },
  "approves the gate that it names": {
    action: { action: "approve", gate: "confirm-promotion" },
    records: { approvals: [{ gate: "confirm-promotion", revision: "v2", ...by }] },
    tells: ["jane asked to approve app.test (confirm-promotion)"],
  },
  "approves the gate that waits when it names none": {
    action: { action: "approve" },
    status: { phase: "WaitingPromotion" },
    records: { approvals: [{ gate: "confirm-promotion", revision: "v2", ...by }] },
    tells: ["jane asked to approve app.test"],
  },
  "approves a run that is yet to start, by the target's revision": {
    action: { action: "approve", revision: "v3" },
    status: { phase: "Waiting" },
    target: { revision: "v3" },
    records: { approvals: [{ gate: "confirm-rollout", revision: "v3", ...by }] },
    tells: ["jane asked to approve app.test"],
  },
  "approves nothing when no gate waits": {
    action: { action: "approve" },
    tells: ["Ignored: jane asked to approve app.test: no gate is waiting; name one in the field gate"],
  },
  "promotes now": {
    action: { action: "promote" },
    records: { override: { action: "promote", revision: "v2", ...by } },
    tells: ["jane asked to promote app.test"],
  },
  "promotes a revision that failed by a run of its own": {
    action: { action: "promote" },
    status: { phase: "Failed" },
    records: { startRequested: by, override: { action: "promote", revision: "v2", ...by } },
    tells: ["jane asked to promote app.test"],
  },
  "rolls back, which is an alert": {
    action: { action: "rollback" },
    records: { rollback: { cause: "action", message: "jane asked to roll back app.test", at: by.at } },
    tells: ["Rolling back app.test, jane asked to roll back app.test"],
    alerts: 1,
  },
  "does not roll back half a promotion": {
    action: { action: "rollback" },
    status: { phase: "Promoting" },
    forgets: ["rollback"],
    tells: [
      "Ignored: jane asked to roll back app.test: the primary already runs the new revision; roll forward with the old template instead",
    ],
  },
  "restarts a run": {
    action: { action: "restart" },
    records: { startRequested: by },
    tells: ["jane asked to restart app.test"],
  },
  "ignores an action for another run": {
    action: { action: "rollback", run: 7 },
    forgets: ["rollback"],
    tells: ["Ignored: jane asked to roll back app.test: run is 7, expected 1"],
  },
  "ignores an action for another revision": {
    action: { action: "promote", revision: "v0" },
    forgets: ["override"],
    tells: ["Ignored: jane asked to promote app.test: revision is v0, expected v2"],
  },
};

describe("a person's action", () => {
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => {
      const action: HumanAction = {
        id: "a1",
        action: "pause",
        run: 1,
        revision: "v2",
        actor: "jane",
        at: now,
        ...given.action,
      };
      const pass = passWith({ ...given, seen: { action } });
      const status = takeAction(pass, pass.status);
      if (given.records !== undefined) expect(status).toMatchObject(given.records);
      for (const field of given.forgets ?? []) expect(status[field], field).toBeUndefined();
      expect(status.announcements?.map((n) => n.message)).toEqual(given.tells);
      expect(status.announcements?.filter((n) => n.alert !== undefined).length).toBe(given.alerts ?? 0);
      expect(status.announcements?.every((n) => n.actor === "jane")).toBe(true);
      const ignored = given.tells[0]?.startsWith("Ignored") === true;
      expect(status.lastAction).toMatchObject({ id: "a1", actor: "jane", outcome: ignored ? "ignored" : "accepted" });
      expect(takeAction(passWith({ status, seen: { action } }), status), "taken once").toBe(status);
    });
  }
});
