import { expect, test } from "vitest";
import { withCondition } from "./condition.ts";
import type { CanaryStatus } from "./status.ts";

const empty: CanaryStatus = { phase: "", failedChecks: 0, canaryWeight: 0, iterations: 0 };
const minute = 60_000;

const waiting = { type: "Promoted", status: "Unknown", reason: "Waiting", message: "m" } as const;

test("the transition time moves with the status, the update time with status or reason", () => {
  const first = withCondition(empty, waiting, 0);
  const second = withCondition(first, { ...waiting, reason: "Progressing" }, minute);
  const third = withCondition(second, { ...waiting, reason: "Succeeded", status: "True" }, 2 * minute);
  expect(second.conditions?.[0]).toMatchObject({
    lastTransitionTime: "1970-01-01T00:00:00.000Z",
    lastUpdateTime: "1970-01-01T00:01:00.000Z",
  });
  expect(third.conditions?.[0]).toMatchObject({
    lastTransitionTime: "1970-01-01T00:02:00.000Z",
    lastUpdateTime: "1970-01-01T00:02:00.000Z",
  });
});

test("the same condition again changes nothing", () => {
  const first = withCondition(empty, waiting, 0);
  expect(withCondition(first, waiting, minute)).toBe(first);
});

test("Promoted stays first, where upstream's users look for it", () => {
  const bus = { type: "BusUnavailable", status: "True", reason: "Unreachable", message: "m" } as const;
  const both = withCondition(withCondition(empty, bus, 0), waiting, 0);
  expect(both.conditions?.map((c) => c.type)).toEqual(["Promoted", "BusUnavailable"]);
  expect(withCondition(both, { ...bus, status: "False" }, 1).conditions?.map((c) => c.type)).toEqual([
    "Promoted",
    "BusUnavailable",
  ]);
});
