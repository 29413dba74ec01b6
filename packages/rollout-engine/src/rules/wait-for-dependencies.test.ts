import type { DependencySeen } from "../observation.ts";
import { testRule } from "../testing/test-rule.ts";
import { rollBackWithDependency, waitForDependencies } from "./wait-for-dependencies.ts";

const idle = { phase: "Succeeded", lastAppliedSpec: "v1" } as const;
const on = (state: DependencySeen["state"], message: string) => ({
  dependencies: [
    { name: "eu", namespace: "shop", state: "done" as const, message: "is Succeeded" },
    { name: "us", namespace: "shop", state, message },
  ],
});
const failed = on("failed", "has failed");

testRule(waitForDependencies, {
  "has nothing to wait for": { status: idle, silent: true },
  "waits for one that is under way": {
    status: idle,
    seen: on("pending", "is Progressing"),
    holds: "Halt app.test advancement waiting for canary us.shop: is Progressing",
  },
  "waits for one that failed until it is mended": {
    status: idle,
    seen: failed,
    holds: "Halt app.test advancement waiting for canary us.shop: has failed",
  },
  "starts when all are done": { status: idle, seen: on("done", "is Succeeded"), silent: true },
  "does not wait without a new revision": {
    status: idle,
    target: { revision: "v1" },
    seen: failed,
    silent: true,
  },
  "a person who promotes need not wait": {
    status: { ...idle, override: { action: "promote", revision: "v2", actor: "jane", at: "" } },
    seen: failed,
    silent: true,
  },
});

testRule(rollBackWithDependency, {
  "rolls a run back with one that failed": {
    seen: failed,
    tells: ["Rolling back app.test with canary us.shop: has failed"],
  },
  "goes on while one runs again": { seen: on("pending", "is Progressing"), silent: true },
  "has nothing to do at rest": { status: idle, seen: failed, silent: true },
});
