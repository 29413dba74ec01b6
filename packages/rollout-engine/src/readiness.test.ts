import { describe, expect, test } from "vitest";
import { withCondition } from "./condition.ts";
import { withReadiness } from "./readiness.ts";
import type { CanaryStatus, Phase } from "./status.ts";

function standing(phase: Phase, before?: CanaryStatus): CanaryStatus {
  const status: CanaryStatus = { ...(before ?? { failedChecks: 0, canaryWeight: 0, iterations: 0 }), phase };
  const promoted = { type: "Promoted", status: "Unknown", reason: phase, message: `it is ${phase}` } as const;
  return withReadiness(withCondition(status, promoted, 0), 0);
}

/** As kstatus does it: the abnormal ones first, then Ready. */
function read({ conditions = [] }: CanaryStatus): string {
  const is = (type: string) => conditions.some((c) => c.type === type && c.status === "True");
  if (is("Stalled")) return "Failed";
  if (is("Reconciling")) return "InProgress";
  return conditions.some((c) => c.type === "Ready") && !is("Ready") ? "InProgress" : "Current";
}

const cases: Readonly<Record<Exclude<Phase, "">, string>> = {
  Initializing: "InProgress",
  Initialized: "Current",
  Waiting: "InProgress",
  Progressing: "InProgress",
  WaitingPromotion: "InProgress",
  Promoting: "InProgress",
  Finalising: "InProgress",
  Succeeded: "Current",
  Failed: "Failed",
  Terminating: "InProgress",
  Terminated: "InProgress",
};

for (const [phase, reads] of Object.entries(cases)) {
  test(`a Canary that is ${phase} reads as ${reads}`, () => {
    const status = standing(phase as Phase);
    expect(read(status)).toBe(reads);
    expect(status.conditions?.map((c) => c.type)[0]).toBe("Promoted");
    expect(status.conditions?.find((c) => c.type === "Ready")).toMatchObject({
      reason: phase,
      message: `it is ${phase}`,
    });
  });
}

test("what is over is taken back", () => {
  const types = (status: CanaryStatus) => status.conditions?.map((c) => c.type);
  const running = standing("Progressing");
  const failed = standing("Failed", running);
  expect([types(running), types(failed), types(standing("Succeeded", failed))]).toEqual([
    ["Promoted", "Ready", "Reconciling"],
    ["Promoted", "Ready", "Stalled"],
    ["Promoted", "Ready"],
  ]);
});

test("an invalid spec is a matter for a person, whatever the phase", () => {
  const invalid = { type: "InvalidSpec", status: "True", reason: "Invalid", message: "spec.x is 1" } as const;
  const status = withReadiness(withCondition(standing("Succeeded"), invalid, 0), 0);
  expect(read(status)).toBe("Failed");
  expect(status.conditions?.find((c) => c.type === "Stalled")?.message).toBe("spec.x is 1");
});

test("the same again changes nothing", () => {
  const status = standing("Progressing");
  expect(withReadiness(status, 60_000)).toBe(status);
});

describe("what holds is what tools show", () => {
  const hold = { rule: "waitForCanary", message: "not ready", since: "2026-01-01T00:00:00Z", hint: "mend the image" };
  const told = (phase: Phase, change: Partial<typeof hold> = {}) => {
    const { conditions } = withReadiness({ ...standing(phase), hold: { ...hold, ...change } }, 0);
    const find = (type: string) => conditions?.find((c) => c.type === type);
    return [find("Ready")?.status, find("Ready")?.message, find("Reconciling")?.message];
  };

  test("during a run, with what can be done about it", () => {
    expect(told("Progressing")).toEqual(["False", "not ready; mend the image", "not ready; mend the image"]);
  });

  test("at rest, where something should happen", () => {
    expect(told("Succeeded", { rule: "waitForDependencies" })[0]).toBe("False");
  });

  test("but a suspended Canary is meant to rest, and a failed one has failed", () => {
    expect(told("Succeeded", { rule: "holdWhenSuspended" })).toEqual(["True", "it is Succeeded", undefined]);
    expect(told("Failed")).toEqual(["False", "it is Failed", undefined]);
  });
});
