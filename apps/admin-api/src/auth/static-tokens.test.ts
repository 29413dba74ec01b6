import { createHash } from "node:crypto";
import { Secret } from "@burgee/service-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminHarness, startAdmin } from "../testing/admin-harness.ts";
import { makeCanary, makeWebAndFast, overridesIn, progressing } from "../testing/objects.ts";
import { withHookToken } from "./hook-token.ts";
import { staticTokens } from "./static-tokens.ts";
import type { StaticToken } from "./token-file.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const order = { flag: "fast", enabled: true, name: "web", namespace: "shop" };

/** Every route, and what a viewer, an operator and an administrator may do with it. */
const routes: Record<
  string,
  { call: [method: string, path: string, body?: unknown]; least: "viewer" | "operator" | "admin" }
> = {
  "list canaries": { call: ["GET", "/api/canaries?namespace=shop"], least: "viewer" },
  "read a canary": { call: ["GET", "/api/canaries/shop/web"], least: "viewer" },
  "list flags": { call: ["GET", "/api/flags?namespace=shop"], least: "viewer" },
  "read the timeline": { call: ["GET", "/api/timeline?canary=shop/web"], least: "viewer" },
  "pause a canary": { call: ["POST", "/api/canaries/shop/web/actions", { action: "pause" }], least: "operator" },
  "promote without analysis": {
    call: ["POST", "/api/canaries/shop/web/actions", { action: "promote" }],
    least: "admin",
  },
  "skip the analysis": { call: ["POST", "/api/canaries/shop/web/actions", { action: "skip" }], least: "admin" },
  "edit a flag": { call: ["PATCH", "/api/flags/shop/app/fast", { state: "ENABLED" }], least: "operator" },
  "override a flag": { call: ["POST", "/api/flags", order], least: "operator" },
};

describe("static tokens", () => {
  let admin: AdminHarness;
  const tokens: StaticToken[] = [
    { name: "vera", role: "viewer", sha256: sha256("v") },
    { name: "otto", role: "operator", sha256: sha256("o") },
    { name: "ada", role: "admin", sha256: sha256("a") },
    { name: "elsa", role: "admin", sha256: sha256("e"), namespaces: ["elsewhere"] },
  ];
  const roleTokens = { viewer: "v", operator: "o", admin: "a" };
  beforeAll(async () => {
    admin = await startAdmin({
      authenticator: () =>
        withHookToken(
          new Secret("hook-token"),
          staticTokens(() => tokens),
        ),
    });
    await makeWebAndFast(admin);
  });
  afterAll(() => admin.stop());

  const statusOf = async ([method, where, body]: [string, string, unknown?], token: string) =>
    (await admin.call(method, where, { token, ...(body !== undefined && { body }) })).status;

  for (const [what, { call, least }] of Object.entries(routes)) {
    test(`to ${what} one must be at least ${least}`, async () => {
      const order = ["viewer", "operator", "admin"] as const;
      for (const role of order) {
        const status = await statusOf(call, roleTokens[role]);
        if (order.indexOf(role) < order.indexOf(least)) expect([role, status]).toEqual([role, 403]);
        else expect([role, status]).not.toEqual([role, 403]);
      }
    });
    test(`to ${what} a token of another namespace is not enough`, async () => {
      expect(await statusOf(call, "e")).toBe(403);
    });
    test(`to ${what} one needs a token`, async () => {
      const { status, message } = await admin.call(call[0], call[1], {
        ...(call[2] !== undefined && { body: call[2] }),
      });
      expect([status, message]).toEqual([
        401,
        "[unauthorized] no token was sent, expected the header Authorization: Bearer TOKEN",
      ]);
    });
  }

  test("a token that is not known is refused without being repeated anywhere", async () => {
    const { status, message } = await admin.call("GET", "/api/canaries", { token: "s3cret-guess" });
    expect([status, message]).toEqual([
      401,
      "[unauthorized] the token is not known, expected the header Authorization: Bearer TOKEN",
    ]);
    expect(admin.captured.text()).not.toContain("s3cret-guess");
  });

  test("a refusal says what right is missing", async () => {
    const { message } = await admin.call("POST", "/api/canaries/shop/web/actions", {
      token: "v",
      body: { action: "pause" },
    });
    expect(message).toBe("[forbidden] vera may not patch canaries.flagger.app in shop (role operator)");
  });

  test("an action carries the name of the token", async () => {
    await makeCanary(admin, "named", progressing);
    const { body } = await admin.call("POST", "/api/canaries/shop/named/actions", {
      token: "o",
      body: { action: "pause" },
    });
    expect(body).toMatchObject({ actor: "otto" });
  });

  test("lists over all namespaces need a token for all of them", async () => {
    expect(await statusOf(["GET", "/api/canaries"], "e")).toBe(403);
    expect(await statusOf(["GET", "/api/canaries"], "v")).toBe(200);
    expect(await statusOf(["GET", "/api/events"], "e")).toBe(403);
  });

  test("the controller's hook token overrides flags and nothing else", async () => {
    expect(await statusOf(["POST", "/api/flags", order], "hook-token")).toBe(200);
    expect(await overridesIn(admin.client)).toContain("app/fast on for canary by web#2");
    for (const [what, { call }] of Object.entries(routes)) {
      if (what !== "override a flag") expect([what, await statusOf(call, "hook-token")]).toEqual([what, 403]);
    }
  });

  test("the API's description is open to everybody", async () => {
    expect((await admin.call("GET", "/openapi.json")).status).toBe(200);
  });
});
