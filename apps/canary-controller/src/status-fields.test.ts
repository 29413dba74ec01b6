import { CanaryStatusSchema } from "@burgee/contracts/crd";
import type { Canary } from "@burgee/contracts/crd";
import type { CanaryStatus } from "@burgee/rollout-engine";
import { expect, test } from "vitest";
import { missingStatusFields } from "./startup-checks.ts";

type Kept = NonNullable<Canary["status"]>;
/** Every field of the engine's status is one that the CRD keeps, and of a type that it accepts: checked by the compiler. */
const keptFields: Record<Exclude<keyof CanaryStatus, keyof Kept>, never> = {};
const accepts = (status: CanaryStatus): Kept => status;
const reads = (status: Kept): CanaryStatus => status;

test("the CRD keeps the whole status of the engine", () => {
  expect(keptFields).toEqual({});
  const status: CanaryStatus = { phase: "", failedChecks: 0, canaryWeight: 0, iterations: 0 };
  expect(reads(accepts(status))).toBe(status);
});

test("a served schema without our fields is recognised", () => {
  const schema = (status: object) => ({ properties: { status } });
  expect(missingStatusFields(schema({ properties: CanaryStatusSchema.properties }))).toEqual([]);
  expect(missingStatusFields(schema({ "x-kubernetes-preserve-unknown-fields": true }))).toEqual([]);
  expect(missingStatusFields(schema({ properties: { phase: {} } }))).toContain("pendingCheck");
  expect(missingStatusFields(undefined)).toContain("phase");
});
