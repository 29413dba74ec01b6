import { systemClock } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminHarness, startAdmin } from "../testing/admin-harness.ts";
import { createAuthenticator } from "./create-authenticator.ts";

const { log } = captureLogger();

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
