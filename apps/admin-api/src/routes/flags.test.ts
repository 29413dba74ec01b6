import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { kinds } from "../kinds.ts";
import { itemsOf } from "../testing/admin-harness.ts";
import { flagStage, hook, on } from "../testing/flag-stage.ts";
import { offFlag } from "../testing/objects.ts";

const s = flagStage();

async function flagNamed(key: string): Promise<unknown> {
  const { body } = await s.admin.call("GET", "/api/flags?namespace=shop");
  return itemsOf(body).find((flag) => "key" in flag && flag.key === key);
}

describe("GET /api/flags", () => {
  test("shows each flag with the overrides laid over it", async () => {
    await s.send(hook(on));
    const flag = await waitFor(async () => {
      const seen = await flagNamed("new-algorithm");
      return JSON.stringify(seen).includes("flagged") ? seen : undefined;
    });
    expect(flag).toMatchObject({
      namespace: "shop",
      featureFlag: "app-flags",
      state: "ENABLED",
      defaultVariant: "off",
      overrides: [{ variant: "on", target: "canary", active: true, owner: { name: "flagged", run: 2 } }],
      overridden: { canary: "on" },
    });
  });

  test("shows metadata, and why an override does nothing", async () => {
    await s.send(hook({ ...on, flag: "retired" }));
    const retired = await waitFor(async () => {
      const seen = await flagNamed("retired");
      return JSON.stringify(seen).includes("flagged") ? seen : undefined;
    });
    expect(retired).toMatchObject({
      overrides: [{ active: false, inactiveBecause: "the flag is disabled" }],
      overridden: {},
    });
    expect(await flagNamed("colour")).toMatchObject({ metadata: { team: "ui" } });
  });
});

describe("PATCH /api/flags", () => {
  const edit = (key: string, body: unknown) => s.admin.call("PATCH", `/api/flags/shop/app-flags/${key}`, { body });

  test("changes state and default variant of the user's own flag", async () => {
    const { status, body } = await edit("new-algorithm", { state: "DISABLED", defaultVariant: "on" });
    expect([status, body]).toMatchObject([200, { state: "DISABLED", defaultVariant: "on" }]);
    await edit("new-algorithm", { state: "ENABLED", defaultVariant: "off" });
    const stored = await s.admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    expect(stored.spec?.flagSpec?.flags["new-algorithm"]).toEqual(offFlag);
  });

  test("writes nothing when nothing changes", async () => {
    const before = await s.admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    await edit("new-algorithm", { state: "ENABLED" });
    const after = await s.admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  const refused: Record<string, { key: string; body: unknown; status: number; says: string }> = {
    "a variant that the flag has not": {
      key: "colour",
      body: { defaultVariant: "green" },
      status: 422,
      says: "expected one of: red, blue",
    },
    "a state that there is not": {
      key: "colour",
      body: { state: "ON" },
      status: 400,
      says: "expected one of: ENABLED, DISABLED",
    },
    "no change at all": { key: "colour", body: {}, status: 400, says: "expected" },
    "a flag that is not there": {
      key: "nope",
      body: { state: "ENABLED" },
      status: 404,
      says: "has no flag nope, only: new-algorithm, colour",
    },
  };
  for (const [what, { key, body, status, says }] of Object.entries(refused)) {
    test(`refuses ${what}`, async () => {
      const answer = await edit(key, body);
      expect(answer.message).toContain(says);
      expect(answer.status).toBe(status);
    });
  }
});
