import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import { reportInvalidSpec } from "./invalid-spec.ts";
import { now, passWith } from "./testing/pass-with.ts";

const problem = { path: "spec.analysis.stepWeight", value: 0, expected: "1–100" };
const { before, seen, spec } = passWith({});

test("every problem is a condition and an event, and nothing is done", () => {
  const decision = reportInvalidSpec(
    { uid: "u1", generation: 7, problems: [problem, { ...problem, path: "spec.x" }] },
    before,
    seen,
  );
  const text = "spec.analysis.stepWeight is 0, expected 1–100; spec.x is 0, expected 1–100";
  expect(decision.effects).toEqual([]);
  const conditions = decision.status.conditions?.map(({ type, status, message }) => ({ type, status, message }));
  expect(conditions).toContainEqual({ type: "InvalidSpec", status: "True", message: text });
  expect(conditions).toContainEqual({ type: "Stalled", status: "True", message: text });
  expect(decision.status.observedGeneration).toBe(7);
  expect(decision.announce).toMatchObject([
    { kind: "notice", event: { type: "Warning", message: `Invalid canary: ${text}` } },
  ]);
});

test("it is told once, and forgotten when the spec is right again", () => {
  const first = reportInvalidSpec({ uid: "u1", problems: [problem] }, before, seen);
  const told = first.announce.map((a) => (a.kind === "notice" ? a.id : ""));
  const second = reportInvalidSpec({ uid: "u1", problems: [problem] }, first.status, { now, announced: told });
  expect(second.announce).toEqual([]);
  const mended = decide(spec, second.status, seen);
  expect(mended.status.conditions?.find((c) => c.type === "InvalidSpec")).toMatchObject({ status: "False" });
});
