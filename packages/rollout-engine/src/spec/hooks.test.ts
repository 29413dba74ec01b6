import type { CanaryWebhook } from "@burgee/contracts/crd";
import { describe, expect, test } from "vitest";
import type { HookSpec } from "../rollout-spec.ts";
import { canaryWith, specOf } from "../testing/canary.ts";
import { rollbackHooksAnnotation } from "./hooks.ts";

const url = "http://hook.test/";

function hooksOf(webhooks: CanaryWebhook[], rollbackHooks?: string) {
  const canary = canaryWith({ stepWeight: 10, webhooks });
  const annotations = rollbackHooks === undefined ? {} : { [rollbackHooksAnnotation]: rollbackHooks };
  return specOf({ ...canary, metadata: { ...canary.metadata, annotations } });
}

const cases: Readonly<Record<string, { hook: Partial<CanaryWebhook>; override?: string; is: Partial<HookSpec> }>> = {
  "a hook without a type is a rollout hook with every default": {
    hook: {},
    is: { type: "rollout", timeoutMs: 10_000, retries: 0, muteAlert: false, disableTLS: false, minWeight: 0 },
  },
  "a timeout of one character is the default": { hook: { timeout: "5" }, is: { timeoutMs: 10_000 } },
  "a timeout of minutes": { hook: { timeout: "5m" }, is: { timeoutMs: 300_000 } },
  "metadata is kept as written, lists too": {
    hook: { metadata: { clusters: ["a", "b"] } },
    is: { metadata: { clusters: ["a", "b"] } },
  },
  "a rollback hook is a check": { hook: { type: "rollback" }, is: { type: "rollback" } },
  "unless its metadata is something to do": {
    hook: { type: "rollback", metadata: { cmd: "migrate down" } },
    is: { type: "on-rollback" },
  },
  "unless an annotation says check": {
    hook: { type: "rollback", metadata: { cmd: "migrate down" } },
    override: "check",
    is: { type: "rollback" },
  },
  "or an annotation says action": { hook: { type: "rollback" }, override: "action", is: { type: "on-rollback" } },
  "an action may be written as one": { hook: { type: "on-rollback" }, is: { type: "on-rollback" } },
};

describe("a webhook", () => {
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => {
      const { hooks } = hooksOf([{ name: "hook", url, ...given.hook }], given.override);
      expect(hooks[0]).toMatchObject(given.is);
    });
  }
});

test("hooks of one name are told apart", () => {
  const { hooks } = hooksOf([
    { name: "test", url },
    { name: "test", url },
  ]);
  expect(hooks.map((hook) => hook.id)).toEqual(["test", "test#2"]);
});

test("which reading of a rollback hook was chosen is told", () => {
  const { adaptations } = hooksOf([
    { name: "stop", url, type: "rollback" },
    { name: "undo", url, type: "rollback", metadata: { method: "POST" } },
  ]);
  expect(adaptations.map((a) => a.message)).toEqual([
    "Rollback hook stop is a check: it is asked before every analysis, and a passing answer rolls back",
    "Rollback hook undo is an action: it is called once after a rollback (annotation burgee.dev/rollback-hooks: check to ask it instead)",
  ]);
});
