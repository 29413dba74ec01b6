import { describe, expect, test } from "vitest";
import { parseAction } from "./human-action.ts";

const good = {
  id: "1",
  action: "approve",
  gate: "confirm-promotion",
  run: 2,
  revision: "t1-a",
  actor: "jane",
  at: "2026-01-01T00:00:00Z",
};

describe("the annotation burgee.dev/action", () => {
  test("is read whole", () => {
    expect(parseAction(JSON.stringify(good))).toEqual({ action: { ...good, at: 1767225600000 } });
  });
  test("may be absent", () => {
    expect(parseAction(undefined)).toBeUndefined();
  });
  test.each<[string, object | string, string]>([
    [
      "no JSON",
      "approve",
      'burgee.dev/action is not a JSON object, expected {"id","action","run","revision","actor","at"}',
    ],
    [
      "an unknown action",
      { ...good, action: "yes" },
      'action is "yes", expected one of: approve, pause, resume, promote, rollback, restart, skip',
    ],
    [
      "an unknown gate",
      { ...good, gate: "x" },
      'gate is "x", expected one of: confirm-rollout, confirm-traffic-increase, confirm-promotion',
    ],
    ["a run that is a text", { ...good, run: "2" }, 'run is "2", expected the number in status.run'],
    ["no actor", { ...good, actor: undefined }, "actor is undefined, expected who asks"],
    [
      "a moment that is none",
      { ...good, at: "today" },
      'at is "today", expected a moment such as 2026-01-31T12:00:00Z',
    ],
  ])("with %s is refused with what would be right", (_title, value, says) => {
    const parsed = parseAction(typeof value === "string" ? value : JSON.stringify(value));
    expect(parsed && "problem" in parsed && parsed.problem).toContain(says);
  });
});
