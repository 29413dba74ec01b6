import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError, Secret, systemClock } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AdminHarness, startAdmin } from "../testing/admin-harness.ts";
import { makeCanary, makeFlags, offFlag, overridesIn, progressing } from "../testing/objects.ts";
import { createAuthenticator } from "./create-authenticator.ts";
import { withHookToken } from "./hook-token.ts";
import { kubernetesReviews } from "./kubernetes-reviews.ts";
import { staticTokens } from "./static-tokens.ts";
import { readTokenFile, type StaticToken, watchTokenFile } from "./token-file.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const { log } = captureLogger();

async function fill(admin: AdminHarness): Promise<void> {
  await makeCanary(admin, "web", progressing);
  await makeFlags(admin, "app", { fast: offFlag });
}

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
    await fill(admin);
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
    await fill(admin);
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

describe("no authentication", () => {
  let admin: AdminHarness;
  beforeAll(async () => {
    admin = await startAdmin();
  });
  afterAll(() => admin.stop());

  test("believes programs on this machine", async () => {
    expect((await admin.call("GET", "/api/canaries")).status).toBe(200);
  });
  test("believes a browser that asked for this machine by name", async () => {
    expect((await admin.call("GET", "/api/canaries", { headers: { "sec-fetch-site": "same-origin" } })).status).toBe(
      200,
    );
  });

  const config = { tokenFile: undefined, tokenAudiences: [], hookToken: undefined };
  test("is refused where others can reach it", () => {
    for (const host of ["", "0.0.0.0", "10.1.2.3"]) {
      const create = () =>
        createAuthenticator({ ...config, auth: "none", host }, { client: admin.client, log, clock: systemClock });
      expect(create).toThrow(`auth is none while host is "${host}", expected host 127.0.0.1, ::1 or localhost`);
    }
  });
  test("does not believe a page that was made to look like this machine", async () => {
    const authenticator = createAuthenticator(
      { ...config, auth: "none", host: "127.0.0.1" },
      { client: admin.client, log, clock: systemClock },
    );
    expect(
      await authenticator.authenticate({ token: undefined, host: "evil.example:8090", fromBrowser: true }),
    ).toBeUndefined();
    expect(await authenticator.authenticate({ token: undefined, host: "[::1]:8090", fromBrowser: true })).toBeDefined();
  });
  test("tokens without a token file are a configuration error", () => {
    const create = () =>
      createAuthenticator({ ...config, auth: "tokens", host: "" }, { client: admin.client, log, clock: systemClock });
    expect(create).toThrow("tokenFile is not set");
  });
});

describe("a token file", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "burgee-tokens-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function write(text: string): string {
    const file = path.join(dir, "tokens.yaml");
    writeFileSync(file, text);
    return file;
  }
  const entry = (name: string, role = "viewer") => `- {name: ${name}, role: ${role}, sha256: ${sha256(name)}}`;

  test("is read again when it changes, and a wrong change leaves the tokens as they were", () => {
    const current = watchTokenFile(write(`tokens:\n${entry("a")}`), log);
    expect(current().map((t) => t.name)).toEqual(["a"]);
    write(`tokens:\n${entry("a")}\n${entry("bb")}`);
    expect(current().map((t) => t.name)).toEqual(["a", "bb"]);
    write("tokens: nonsense, and more of it");
    expect(current().map((t) => t.name)).toEqual(["a", "bb"]);
  });

  const wrong: Record<string, [text: string, says: RegExp]> = {
    "a role that there is not": [`tokens:\n${entry("a", "boss")}`, /tokens\.0\.role is wrong/],
    "a token instead of its hash": [
      "tokens:\n- {name: a, role: admin, sha256: plain-token}",
      /tokens\.0\.sha256 is wrong, expected it to match pattern/,
    ],
    "no YAML": ["{", /expected a readable YAML or JSON file/],
  };
  for (const [what, [text, says]] of Object.entries(wrong)) {
    test(`with ${what} is a configuration error that shows no token`, () => {
      const file = write(text);
      expect(() => readTokenFile(file)).toThrow(ConfigError);
      expect(() => readTokenFile(file)).toThrow(says);
      expect(() => readTokenFile(file)).not.toThrow(/plain-token/);
    });
  }
  test("that is not there is a configuration error", () => {
    expect(() => readTokenFile("/no/tokens")).toThrow(/tokenFile is \/no\/tokens/);
  });
});
