import { describe, expect, test } from "vitest";
import { kinds } from "../kinds.ts";
import { flagStage, hook, on } from "../testing/flag-stage.ts";
import { overridesIn } from "../testing/objects.ts";

const s = flagStage();
const overrides = () => overridesIn(s.admin.client);

describe("POST /api/flags as a webhook", () => {
  test("turns a flag on for the canary's pods, with the body exactly as in a manifest", async () => {
    const { status, body } = await s.send(hook(`${JSON.stringify(on)}\n`));
    expect([status, body]).toEqual([
      200,
      { featureFlag: "app-flags", flag: "new-algorithm", target: "canary", variant: "on", effective: true },
    ]);
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for canary by flagged#2"]);
  });

  test("leaves the user's FeatureFlag as it is", async () => {
    const before = await s.admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    await s.send(hook(on));
    await s.send(hook({ ...on, target: "all" }));
    const after = await s.admin.client.get(kinds.featureFlags, { namespace: "shop", name: "app-flags" });
    expect(after).toEqual(before);
  });

  test("done twice is done once", async () => {
    await s.send(hook(on));
    const [first] = (await s.admin.client.list(kinds.flagOverrides, { namespace: "shop" })).items;
    await s.send(hook(on));
    const [second] = (await s.admin.client.list(kinds.flagOverrides, { namespace: "shop" })).items;
    expect(second).toEqual(first);
  });

  test("done twice at the same time is done once", async () => {
    const answers = await Promise.all([s.send(hook(on)), s.send(hook(on)), s.send(hook(on))]);
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200]);
    expect(await overrides()).toHaveLength(1);
  });

  test("belongs to the canary, which takes it along when it is deleted", async () => {
    await s.send(hook(on));
    const canary = await s.admin.client.get(kinds.canaries, { namespace: "shop", name: "flagged" });
    const [override] = (await s.admin.client.list(kinds.flagOverrides, { namespace: "shop" })).items;
    expect(override?.metadata.ownerReferences).toMatchObject([
      { kind: "Canary", name: "flagged", uid: canary.metadata.uid },
    ]);
  });

  test("a later run takes the override over", async () => {
    await s.send(hook(on));
    await s.send(hook(on, { run: 3 }));
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for canary by flagged#3"]);
  });

  test("for everybody takes the place of the canary-only one", async () => {
    await s.send(hook(on));
    await s.send(hook({ ...on, target: "all" }));
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for all by flagged#2"]);
  });

  test("turned off for the canary goes back to the user's rule", async () => {
    await s.send(hook(on));
    const { body } = await s.send(hook({ ...on, enabled: false }));
    expect(body).toMatchObject({ removed: 1 });
    expect(await overrides()).toEqual([]);
    expect((await s.send(hook({ ...on, enabled: false }))).body).toMatchObject({ removed: 0 });
  });

  test("turned off for the canary leaves the one for everybody, turned off for all leaves none", async () => {
    await s.send(hook({ ...on, target: "all" }));
    await s.send(hook(on));
    await s.send(hook({ ...on, enabled: false }));
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for all by flagged#2"]);
    await s.send(hook({ ...on, target: "all", enabled: false }));
    expect(await overrides()).toEqual([]);
  });

  test("serves the variant that is asked for", async () => {
    const { body } = await s.send(hook({ flag: "colour", enabled: true, variant: "blue" }));
    expect(body).toMatchObject({ variant: "blue", target: "canary" });
  });

  test("says that a disabled flag stays disabled", async () => {
    expect((await s.send(hook({ ...on, flag: "retired" }))).body).toMatchObject({ effective: false });
  });

  test("accepts the order directly, with the canary beside it", async () => {
    const { status } = await s.send({ ...on, name: "flagged", namespace: "shop" });
    expect(status).toBe(200);
    expect(await overrides()).toEqual(["app-flags/new-algorithm on for canary by flagged#2"]);
  });

  test("takes the FeatureFlag that is named when several have the flag", async () => {
    const { body } = await s.send(hook({ flag: "shared", enabled: true, featureFlag: "other-flags" }));
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
      const answer = await s.send(body);
      expect(answer.message).toContain(says);
      expect(answer.status).toBe(status);
      expect(await overrides()).toEqual([]);
    });
  }
});

test("no change is made without a trace of who made it", async () => {
  await s.send(hook(on));
  expect(s.admin.captured.events.findLast((e) => e.msg === "change made")).toMatchObject({
    audit: true,
    actor: "local",
    action: "override flag",
    flag: "new-algorithm",
    target: "canary",
    variant: "on",
    environment: "production",
  });
});
