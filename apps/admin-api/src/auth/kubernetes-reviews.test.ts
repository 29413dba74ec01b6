import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminHarness, startAdmin } from "../testing/admin-harness.ts";
import { makeWebAndFast } from "../testing/objects.ts";
import { kubernetesReviews } from "./kubernetes-reviews.ts";

describe("the cluster's tokens and rights", () => {
  let admin: AdminHarness;
  const asked: object[] = [];
  beforeAll(async () => {
    admin = await startAdmin({
      authenticator: (client) => kubernetesReviews(client, { audiences: ["burgee"], now: () => performance.now() }),
      reviews: {
        authenticate: (token) =>
          token.startsWith("good-") ? { username: token.slice(5), groups: ["dev"] } : undefined,
        authorize: ({ user, attributes }) => {
          asked.push({ user, ...attributes });
          return { allowed: user === "ruth" && attributes.namespace === "shop" };
        },
      },
    });
    await makeWebAndFast(admin);
  });
  afterAll(() => admin.stop());

  test("let somebody in who may do it with kubectl, too", async () => {
    const { status, body } = await admin.call("POST", "/api/canaries/shop/web/actions", {
      token: "good-ruth",
      body: { action: "pause" },
    });
    expect([status, body]).toMatchObject([202, { actor: "ruth" }]);
    expect(asked).toContainEqual({
      user: "ruth",
      verb: "patch",
      group: "flagger.app",
      resource: "canaries",
      namespace: "shop",
      name: "web",
    });
  });
  test("keep somebody out who may not", async () => {
    expect((await admin.call("GET", "/api/canaries?namespace=shop", { token: "good-eve" })).status).toBe(403);
    expect((await admin.call("GET", "/api/canaries", { token: "good-ruth" })).status).toBe(403);
  });
  test("know no token that the cluster does not know", async () => {
    expect((await admin.call("GET", "/api/canaries", { token: "bad" })).status).toBe(401);
  });
  test("are asked once for questions that come shortly after each other", async () => {
    const ask = () => admin.call("GET", "/api/flags?namespace=shop", { token: "good-once" });
    await Promise.all([ask(), ask(), ask()]);
    expect(asked.filter((q) => "user" in q && q.user === "once")).toHaveLength(1);
  });
  test("that cannot be asked for are a fault of the service, not a refusal", async () => {
    const fault = admin.sim.faults.add({ match: { resource: "tokenreviews" }, action: { status: 500 } });
    expect((await admin.call("GET", "/api/canaries", { token: "good-new" })).status).toBe(503);
    fault.remove();
  });
});
