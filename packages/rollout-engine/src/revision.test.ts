import { expect, test } from "vitest";
import { configsChanged, hasNewRevision, isPromoted, releaseOf } from "./revision.ts";
import type { CanaryStatus } from "./status.ts";

const status: CanaryStatus = {
  phase: "Succeeded",
  failedChecks: 0,
  canaryWeight: 0,
  iterations: 0,
  lastAppliedSpec: "v2",
  lastPromotedSpec: "v2",
};
const target = (revision: string, configs?: Record<string, string>) =>
  ({ state: "present", revision, configs, readiness: { ready: true }, replicas: 1, image: "" }) as const;

const failed = { ...status, lastAppliedSpec: "v3" };
const tracked = { ...status, trackedConfigs: { a: "1" }, promotedConfigs: { a: "1" } };

const cases: Readonly<Record<string, { status: CanaryStatus; target: ReturnType<typeof target>; isNew: boolean }>> = {
  "the promoted revision is not new": { status, target: target("v2"), isNew: false },
  "another one is": { status, target: target("v3"), isNew: true },
  "the one that failed is not": { status: failed, target: target("v3"), isNew: false },
  "back to the promoted one after a failure is not": { status: failed, target: target("v2"), isNew: false },
  "a third one after a failure is": { status: failed, target: target("v4"), isNew: true },
  "a changed config is": { status: tracked, target: target("v2", { a: "2" }), isNew: true },
  "a config more is": { status: tracked, target: target("v2", { a: "1", b: "1" }), isNew: true },
  "a config less is": { status: tracked, target: target("v2", {}), isNew: true },
  "the config that failed is not": {
    status: { ...tracked, trackedConfigs: { a: "2" } },
    target: target("v2", { a: "2" }),
    isNew: false,
  },
  "the promoted config after one that failed is not": {
    status: { ...tracked, trackedConfigs: { a: "2" } },
    target: target("v2", { a: "1" }),
    isNew: false,
  },
  "the promoted revision after a promotion that failed is: the primary does not run it": {
    status: { ...failed, promotionFailed: true },
    target: target("v2"),
    isNew: true,
  },
};

for (const [name, given] of Object.entries(cases)) {
  test(name, () => {
    expect(hasNewRevision(given.status, given.target)).toBe(given.isNew);
    if (isPromoted(given.status, given.target)) expect(given.isNew).toBe(false);
  });
}

test("a release names a template with its configs, in any order", () => {
  expect(releaseOf("v1", undefined)).toBe("v1");
  expect(releaseOf("v1", {})).toBe("v1");
  expect(releaseOf("v1", { a: "1", b: "2" })).toBe(releaseOf("v1", { b: "2", a: "1" }));
  expect(releaseOf("v1", { a: "1" })).not.toBe(releaseOf("v1", { a: "2" }));
});

test("no configs and none tracked are the same", () => expect(configsChanged(undefined, {})).toBe(false));
