import { testFlags } from "@burgee/flag-sync/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "../testing/flagd-process.ts";

let flagd: TestFlagd;
beforeAll(async () => {
  const extra = { "a b/c": { state: "ENABLED", variants: { x: [1, 2.5] }, defaultVariant: "x" } };
  flagd = await startFlagd({ ...testFlags, flags: { ...testFlags.flags, ...extra } }, [
    ...["-X", "region=eu", "-H", "Burgee-Release-Role=releaseRole", "--max-request-body", "1000"],
  ]);
});
afterAll(() => flagd.stop());

const path = "/ofrep/v1/evaluate/flags";
const team = { team: "shop" };

async function ask(suffix: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`http://127.0.0.1:${flagd.ofrepPort}${suffix}`, { method: "POST", ...init });
}

interface Case {
  key: string;
  body?: string;
  headers?: Record<string, string>;
  status: number;
  gives: object;
}

const invalidContext = { errorCode: "INVALID_CONTEXT", errorDetails: "Provider context is not valid", metadata: null };
const off = { value: false, key: "banner", reason: "DEFAULT", variant: "off", metadata: team };
const on = { value: true, key: "banner", reason: "TARGETING_MATCH", variant: "on", metadata: team };
const general = { errorCode: "GENERAL", errorDetails: "error processing the flag for evaluation", metadata: team };

const cases: Record<string, Case> = {
  "a static flag": {
    key: "greeting",
    body: '{"context":{}}',
    status: 200,
    gives: { value: "hello", key: "greeting", reason: "STATIC", variant: "long", metadata: { ...team, owner: "web" } },
  },
  "no body at all": { key: "banner", status: 200, gives: off },
  "null for a body": { key: "banner", body: "null", status: 200, gives: off },
  "a context that decides": { key: "banner", body: '{"context":{"releaseRole":"canary"}}', status: 200, gives: on },
  "a context under a name in another case": {
    key: "banner",
    body: '{"Context":{"releaseRole":"canary"}}',
    status: 200,
    gives: on,
  },
  "a context that is no object": { key: "banner", body: '{"context":[1]}', status: 200, gives: off },
  "a body with something after it": {
    key: "banner",
    body: '{"context":{"releaseRole":"canary","x":"}\\""}} more',
    status: 200,
    gives: on,
  },
  "a header that decides": {
    key: "banner",
    headers: { "burgee-release-role": "canary" },
    status: 200,
    gives: on,
  },
  "a key with a blank and a slash": {
    key: "a%20b%2Fc",
    status: 200,
    gives: { value: [1, 2.5], key: "a b/c", reason: "STATIC", variant: "x", metadata: team },
  },
  "no default variant": {
    key: "undecided",
    status: 200,
    gives: { key: "undecided", reason: "DEFAULT", metadata: team },
  },
  "a disabled flag": { key: "resting", status: 200, gives: { key: "resting", reason: "DISABLED", metadata: team } },
  "a flag that is not there": {
    key: "nope",
    status: 404,
    gives: { key: "nope", errorCode: "FLAG_NOT_FOUND", errorDetails: "flag `nope` does not exist", metadata: {} },
  },
  "targeting that cannot be read": {
    key: "broken",
    status: 400,
    gives: { key: "broken", errorCode: "PARSE_ERROR", errorDetails: "error parsing the flag `broken`", metadata: team },
  },
  "targeting that names no variant": { key: "lost", status: 400, gives: { key: "lost", ...general } },
  "a body that is no JSON": { key: "banner", body: "{x}", status: 400, gives: { key: "banner", ...invalidContext } },
  "a body that is a list": { key: "banner", body: "[]", status: 400, gives: { key: "banner", ...invalidContext } },
  "a selector that cannot be read": {
    key: "banner",
    headers: { "flagd-selector": "colour=red" },
    status: 400,
    gives: {
      key: "banner",
      errorCode: "GENERAL",
      errorDetails: 'invalid selector: invalid selector key "colour", valid keys: "flagSetId", "source"',
      metadata: null,
    },
  },
  "a selector that hides the flag": {
    key: "banner",
    headers: { "flagd-selector": "flagSetId=other" },
    status: 404,
    gives: {
      key: "banner",
      errorCode: "FLAG_NOT_FOUND",
      errorDetails: "flag `banner` does not exist",
      metadata: { flagSetId: "other" },
    },
  },
  "a body over the limit": {
    key: "banner",
    body: JSON.stringify({ context: { text: "x".repeat(1_000) } }),
    status: 413,
    gives: { errorDetails: "request body too large" },
  },
};

describe("OFREP for one flag", () => {
  it.each(Object.entries(cases))("answers to %s", async (_, { key, body, headers = {}, status, gives }) => {
    const response = await ask(`${path}/${key}`, { headers, ...(body !== undefined && { body }) });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect([response.status, await response.json()]).toEqual([status, gives]);
  });
});

describe("OFREP for all flags", () => {
  it("answers with every flag in the order of their keys, errors among them", async () => {
    const response = await ask(path, { body: '{"context":{"releaseRole":"canary"}}' });
    const body: unknown = await response.json();
    expect(response.status).toBe(200);
    const keys = [...Object.keys(testFlags.flags), "a b/c"].sort();
    expect(body).toMatchObject({ flags: keys.map((key) => ({ key })), metadata: {} });
    expect(body).toHaveProperty("flags", expect.arrayContaining([on, { key: "lost", ...general }]));
  });

  it("takes a slash at the end, and tells of a bad body", async () => {
    expect((await ask(`${path}/`)).status).toBe(200);
    const response = await ask(path, { body: "{" });
    expect([response.status, await response.json()]).toEqual([400, invalidContext]);
  });

  it("answers 304 to the tag of the same answer, and only to that", async () => {
    const etag = (await ask(path)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]+"$/);
    const statusFor = async (tag: string, body = "{}"): Promise<number> => {
      const response = await ask(path, { body, headers: { "if-none-match": tag } });
      if (response.status === 304) expect([response.headers.get("etag"), await response.text()]).toEqual([etag, ""]);
      return response.status;
    };
    const known = await Promise.all([etag, `W/${etag}`, `"x", ${etag}`, "*"].map((tag) => statusFor(tag)));
    expect(known).toEqual([304, 304, 304, 304]);
    expect(await statusFor('"x"')).toBe(200);
    expect(await statusFor(etag, '{"context":{"releaseRole":"canary"}}')).toBe(200);
  });
});

describe("what is not OFREP", () => {
  it.each([
    ["GET", `${path}/banner`, 405, ""],
    ["GET", path, 405, ""],
    ["POST", `${path}/banner/more`, 404, "404 page not found\n"],
    ["POST", "/ofrep/v1/configuration", 404, "404 page not found\n"],
    ["POST", `${path}/%zz`, 400, "400 Bad Request"],
  ])("%s %s answers %i", async (method, suffix, status, text) => {
    const response = await ask(suffix, { method });
    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  it("lets browsers ask first, and read the tag", async () => {
    const origin = { origin: "https://shop.example" };
    const preflight = await ask(path, {
      method: "OPTIONS",
      headers: {
        ...origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,if-none-match",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type,if-none-match");
    const response = await ask(path, { headers: origin });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toContain("ETag");
  });
});
