import { expect, test } from "vitest";
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
