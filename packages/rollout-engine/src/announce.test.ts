import { expect, test } from "vitest";
import type { Announcement } from "./decision.ts";
import { outstanding, reaskAfterMs } from "./announce.ts";
import type { CanaryStatus } from "./status.ts";
import { type Given, hookOf, passWith } from "./testing/pass-with.ts";

const pendingCheck = { run: 1, check: 2, askedAt: "2026-01-01T00:09:55.000Z", specHash: "h" };
const notice = { id: "u1/1/n1", type: "Normal", message: "m", rule: "r", phase: "Progressing", at: "" } as const;
const gate = hookOf("confirm-promotion", { name: "gate" });
const key = "1/confirm-promotion/gate/3";
const pendingHook = { key, id: "gate", type: "confirm-promotion", name: "gate", askedAt: "" } as const;

interface Case extends Given {
  /** The status after the decision, where it differs from the one before. */
  readonly decided?: Partial<CanaryStatus>;
  readonly tells: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  "tells a notice that is not delivered": { status: { announcements: [notice] }, tells: ["u1/1/n1"] },
  "tells none twice": { status: { announcements: [notice] }, seen: { announced: ["u1/1/n1"] }, tells: [] },
  "asks a check that this process did not ask": { status: { pendingCheck }, tells: ["u1/1/2"] },
  "asks none twice": { status: { pendingCheck }, seen: { announced: ["u1/1/2"] }, tells: [] },
  "asks one again when that was decided just now": {
    status: { pendingCheck },
    decided: { pendingCheck: { ...pendingCheck, reaskedAt: "2026-01-01T00:10:00.000Z" } },
    seen: { announced: ["u1/1/2"] },
    tells: ["u1/1/2"],
  },
  "asks nothing of a bus that is down": { status: { pendingCheck }, seen: { bus: "down" }, tells: [] },
  "calls a hook that this process did not call": {
    spec: { hooks: [gate] },
    status: { pendingHook },
    tells: [key],
  },
  "calls none twice": { spec: { hooks: [gate] }, status: { pendingHook }, seen: { announced: [key] }, tells: [] },
  "calls none that is no longer in the spec": { status: { pendingHook }, tells: [] },
};

for (const [name, given] of Object.entries(cases)) {
  test(name, () => {
    const pass = passWith(given);
    const told = outstanding(pass, { ...pass.status, ...given.decided });
    expect(told.map(identity)).toEqual(given.tells);
  });
}

test("a check asked again keeps its id and its evaluation time, and names the weight that is exposed", () => {
  const pass = passWith({ status: { pendingCheck: { ...pendingCheck, reaskedAt: "2026-01-01T00:10:00.000Z" } } });
  expect(outstanding(pass, pass.status)).toEqual([
    {
      kind: "check",
      id: "u1/1/2",
      run: 1,
      check: 2,
      revision: "v2",
      weight: 20,
      at: Date.parse("2026-01-01T00:09:55.000Z"),
    },
  ]);
});

test("an answer is given two intervals, and half a minute at least", () => {
  const { spec } = passWith({});
  expect(reaskAfterMs({ ...spec, intervalMs: 1000 })).toBe(30_000);
  expect(reaskAfterMs({ ...spec, intervalMs: 60_000 })).toBe(120_000);
});

function identity(told: Announcement): string {
  return told.kind === "hook" ? told.key : told.id;
}
