// Actions that can do nothing where the rollout stands: the caller learns it at once, and nothing is written.
import type { CanaryStatus } from "@burgee/contracts/crd";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kinds } from "../kinds.ts";
import { type AdminHarness, startAdmin } from "../testing/admin-harness.ts";
import { makeCanary, progressing } from "../testing/objects.ts";

let admin: AdminHarness;
beforeAll(async () => {
  admin = await startAdmin();
});
afterAll(() => admin.stop());

interface Case {
  status: Partial<CanaryStatus>;
  spec?: object;
  action: string;
  says: string;
}

const invalid = { type: "InvalidSpec", status: "True", reason: "Invalid", message: 'spec.provider is "x"' } as const;
const cases: Record<string, Case> = {
  "approving what waits for nothing": {
    status: {},
    action: "approve",
    says: "approve is refused: no gate is waiting; name one in the field gate",
  },
  "pausing what is at rest": {
    status: { phase: "Succeeded" },
    action: "pause",
    says: "pause is refused: nothing to pause in phase Succeeded",
  },
  "resuming what is not paused": { status: {}, action: "resume", says: "resume is refused: it is not paused" },
  "rolling back what was rolled back": {
    status: { phase: "Failed" },
    action: "rollback",
    says: "rollback is refused: nothing to roll back in phase Failed",
  },
  "rolling back what the primary runs already": {
    status: { phase: "Promoting" },
    action: "rollback",
    says: "rollback is refused: the primary already runs the new revision; roll forward with the old template instead",
  },
  "promoting what is promoted at this moment": {
    status: { phase: "Finalising" },
    action: "promote",
    says: "promote is refused: nothing to promote in phase Finalising",
  },
  "restarting what is initialized at this moment": {
    status: { phase: "Initializing" },
    action: "restart",
    says: "restart is refused: nothing to restart in phase Initializing",
  },
  "anything of a suspended canary": {
    status: {},
    spec: { suspend: true },
    action: "promote",
    says: "promote is refused: the canary is suspended; set spec.suspend to false first",
  },
  "anything of a canary whose spec is wrong": {
    status: { conditions: [invalid] },
    action: "rollback",
    says: 'rollback is refused: the canary\'s spec cannot be used: spec.provider is "x"',
  },
};

test.each(Object.entries(cases))("%s is a conflict", async (title, { status, spec, action, says }) => {
  const name = `case-${Object.keys(cases).indexOf(title)}`;
  await makeCanary(admin, name, { ...progressing, ...status });
  if (spec !== undefined)
    await admin.client.patch(kinds.canaries, { namespace: "shop", name }, { spec }, { type: "merge" });
  const answer = await admin.call("POST", `/api/canaries/shop/${name}/actions`, { body: { action } });
  expect([answer.status, answer.message]).toEqual([409, `[conflict] ${says}`]);
  const { metadata } = await admin.client.get(kinds.canaries, { namespace: "shop", name });
  expect(metadata.annotations?.["burgee.dev/action"]).toBeUndefined();
});
