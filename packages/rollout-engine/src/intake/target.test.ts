import { expect, test } from "vitest";
import { passWith } from "../testing/pass-with.ts";
import { takeTarget } from "./target.ts";

test("a missing target is a condition that names the field, until it is there", () => {
  const missing = passWith({ target: "missing" });
  const status = takeTarget(missing, missing.status);
  expect(status.conditions?.find(({ type }) => type === "TargetMissing")).toMatchObject({
    status: "True",
    message: expect.stringMatching(/^spec\.targetRef\.name is "app", expected a Deployment in namespace test: /),
  });
  const present = passWith({ status });
  expect(takeTarget(present, status).conditions?.find(({ type }) => type === "TargetMissing")).toMatchObject({
    status: "False",
  });
  const healthy = passWith({});
  expect(takeTarget(healthy, healthy.status)).toBe(healthy.status);
});
