import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kinds } from "../kinds.ts";
import { type AdminHarness, type Answer, itemsOf, startAdmin } from "../testing/admin-harness.ts";
import { makeCanary, makeFlags, offFlag, overridesIn, progressing } from "../testing/objects.ts";

let admin: AdminHarness;
beforeAll(async () => {
  admin = await startAdmin();
  await makeCanary(admin, "flagged", progressing);
  await makeFlags(admin, "app-flags", {
    "new-algorithm": offFlag,
    colour: {
      state: "ENABLED",
      variants: { red: "#f00", blue: "#00f" },
      defaultVariant: "red",
      metadata: { team: "ui" },
    },
    retired: { ...offFlag, state: "DISABLED" },
    shared: offFlag,
  });
  await makeFlags(admin, "other-flags", { shared: offFlag });
});
afterAll(() => admin.stop());

beforeEach(async () => {
  const { items } = await admin.client.list(kinds.flagOverrides, { namespace: "shop" });
  for (const { metadata } of items) await admin.client.delete(kinds.flagOverrides, metadata);
});

/** The controller's payload around an order. */
function hook(order: object | string, payload: object = {}): object {
  const body = typeof order === "string" ? order : JSON.stringify(order);
  return {
    name: "flagged",
    namespace: "shop",
    phase: "Progressing",
    checksum: "c",
    run: 2,
    metadata: { method: "POST", body },
    ...payload,
  };
}

const on = { flag: "new-algorithm", environment: "production", target: "canary", enabled: true };
const send = (body: unknown): Promise<Answer> => admin.call("POST", "/api/flags", { body });
const overrides = () => overridesIn(admin.client);

async function flagNamed(key: string): Promise<unknown> {
  const { body } = await admin.call("GET", "/api/flags?namespace=shop");
  return itemsOf(body).find((flag) => "key" in flag && flag.key === key);
}

describe("POST /api/flags as a webhook", () => {
  test("turns a flag on for the canary's pods, with the body exactly as in a manifest", async () => {
    const { status, body } = await send(hook(`${JSON.stringify(on)}\n`));
    expect([status, body]).toEqual([
      200,
      { featureFlag: "app-flags", flag: "new-algorithm", target: "canary", variant: "on", effective: true },
    ]);
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for canary by flagged#2"]);
  });

  test("leaves the user's FeatureFlag as it is", async () => {
    const before = await admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    await send(hook(on));
    await send(hook({ ...on, target: "all" }));
    const after = await admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    expect(after).toEqual(before);
  });

  test("done twice is done once", async () => {
    await send(hook(on));
    const [first] = (await admin.client.list(kinds.flagOverrides, { namespace: "shop" })).items;
    await send(hook(on));
    const [second] = (await admin.client.list(kinds.flagOverrides, { namespace: "shop" })).items;
    expect(second).toEqual(first);
  });

  test("done twice at the same time is done once", async () => {
    const answers = await Promise.all([send(hook(on)), send(hook(on)), send(hook(on))]);
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200]);
    expect(await overrides()).toHaveLength(1);
  });

  test("belongs to the canary, which takes it along when it is deleted", async () => {
    await send(hook(on));
    const canary = await admin.client.get(kinds.canaries, { namespace: "shop", name: "flagged" });
    const [override] = (await admin.client.list(kinds.flagOverrides, { namespace: "shop" })).items;
    expect(override?.metadata.ownerReferences).toMatchObject([
      { kind: "Canary", name: "flagged", uid: canary.metadata.uid },
    ]);
  });

  test("a later run takes the override over", async () => {
    await send(hook(on));
    await send(hook(on, { run: 3 }));
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for canary by flagged#3"]);
  });

  test("for everybody takes the place of the canary-only one", async () => {
    await send(hook(on));
    await send(hook({ ...on, target: "all" }));
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for all by flagged#2"]);
  });

  test("turned off for the canary goes back to the user's rule", async () => {
    await send(hook(on));
    const { body } = await send(hook({ ...on, enabled: false }));
    expect(body).toMatchObject({ removed: 1 });
    expect(await overrides()).toEqual([]);
    expect((await send(hook({ ...on, enabled: false }))).body).toMatchObject({ removed: 0 });
  });

  test("turned off for the canary leaves the one for everybody, turned off for all leaves none", async () => {
    await send(hook({ ...on, target: "all" }));
    await send(hook(on));
    await send(hook({ ...on, enabled: false }));
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for all by flagged#2"]);
    await send(hook({ ...on, target: "all", enabled: false }));
    expect(await overrides()).toEqual([]);
  });

  test("serves the variant that is asked for", async () => {
    const { body } = await send(hook({ flag: "colour", enabled: true, variant: "blue" }));
    expect(body).toMatchObject({ variant: "blue", target: "canary" });
  });

  test("says that a disabled flag stays disabled", async () => {
    expect((await send(hook({ ...on, flag: "retired" }))).body).toMatchObject({ effective: false });
  });

  test("accepts the order directly, with the canary beside it", async () => {
    const { status } = await send({ ...on, name: "flagged", namespace: "shop" });
    expect(status).toBe(200);
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for canary by flagged#2"]);
  });

  test("takes the FeatureFlag that is named when several have the flag", async () => {
    const { body } = await send(hook({ flag: "shared", enabled: true, featureFlag: "other-flags" }));
    expect(body).toMatchObject({ featureFlag: "other-flags" });
  });

  const refused: Record<string, { body: unknown; status: number; says: string }> = {
    "no flag of that name": {
      body: hook({ ...on, flag: "old-algorithm" }),
      status: 422,
      says: 'flag is "old-algorithm", expected one of the namespace\'s flags: colour, new-algorithm, retired, shared',
    },
    "a flag that several FeatureFlags have": {
      body: hook({ ...on, flag: "shared" }),
      status: 422,
      says: "featureFlag is missing, expected one of: app-flags, other-flags, which all have flag shared",
    },
    "a flag without a variant to turn on": {
      body: hook({ ...on, flag: "colour" }),
      status: 422,
      says: "variant is missing, expected one of: red, blue, because none of them is true or named on",
    },
    "a variant that the flag has not": {
      body: hook({ ...on, variant: "of" }),
      status: 422,
      says: 'variant is "of", expected one of: on, off',
    },
    "a body that is not JSON": {
      body: hook("{flag"),
      status: 400,
      says: 'body.metadata.body is "{flag", expected a JSON object such as',
    },
    "a body of the wrong shape": {
      body: hook({ flag: "", target: "some", enabled: "yes" }),
      status: 400,
      says: 'body.metadata.body.flag is "", expected a text that is not empty; body.metadata.body.enabled is "yes", expected true or false; body.metadata.body.target is "some", expected one of: canary, all',
    },
    "another method": {
      body: hook(on, { metadata: { method: "DELETE", body: "{}" } }),
      status: 400,
      says: 'body.metadata.method is "DELETE", expected POST',
    },
    "a payload without namespace": {
      body: hook(on, { namespace: undefined }),
      status: 400,
      says: "body.namespace is missing, expected a text",
    },
    "a direct order without its canary": { body: on, status: 400, says: "body.name is missing" },
    "a canary that is not there": { body: hook(on, { name: "nope" }), status: 404, says: "nope" },
    "no body": { body: undefined, status: 400, says: "body is missing, expected a JSON object" },
  };
  for (const [what, { body, status, says }] of Object.entries(refused)) {
    test(`refuses ${what} and says what would be right`, async () => {
      const answer = await send(body);
      expect(answer.message).toContain(says);
      expect(answer.status).toBe(status);
      expect(await overrides()).toEqual([]);
    });
  }
});

describe("GET /api/flags", () => {
  test("shows each flag with the overrides laid over it", async () => {
    await send(hook(on));
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
    await send(hook({ ...on, flag: "retired" }));
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
  const edit = (key: string, body: unknown) => admin.call("PATCH", `/api/flags/shop/app-flags/${key}`, { body });

  test("changes state and default variant of the user's own flag", async () => {
    const { status, body } = await edit("new-algorithm", { state: "DISABLED", defaultVariant: "on" });
    expect([status, body]).toMatchObject([200, { state: "DISABLED", defaultVariant: "on" }]);
    await edit("new-algorithm", { state: "ENABLED", defaultVariant: "off" });
    const stored = await admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    expect(stored.spec?.flagSpec?.flags["new-algorithm"]).toEqual(offFlag);
  });

  test("writes nothing when nothing changes", async () => {
    const before = await admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    await edit("new-algorithm", { state: "ENABLED" });
    const after = await admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
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

test("no change is made without a trace of who made it", async () => {
  await send(hook(on));
  expect(admin.captured.events.findLast((e) => e.msg === "change made")).toMatchObject({
    audit: true,
    actor: "local",
    action: "override flag",
    flag: "new-algorithm",
    target: "canary",
    variant: "on",
    environment: "production",
  });
});
