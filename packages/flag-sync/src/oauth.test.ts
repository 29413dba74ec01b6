import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDialer } from "@burgee/service-kit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTokens, type Tokens } from "./oauth.ts";
import type { OAuthConfig } from "./source.ts";
import { type DocumentServer, serveDocument } from "./testing/document-server.ts";

const dialer = createDialer();
const { signal } = new AbortController();
let server: DocumentServer;
let answer: object;
let nowMs: number;

beforeEach(async () => {
  nowMs = 0;
  answer = { access_token: "t1", token_type: "bearer", expires_in: 60 };
  server = await serveDocument("", () => ({ status: 200, body: JSON.stringify(answer) }));
});
afterEach(() => server.close());

function tokensWith(oauth: OAuthConfig): Tokens {
  const tokenUrl = `${server.origin}/token?key=k3y-value`;
  return createTokens({ oauth: { tokenUrl, ...oauth }, dialer, clock: { now: () => nowMs }, timeoutMs: 5_000 });
}

it("sends the credentials in the body, and keeps the token until shortly before it expires", async () => {
  const tokens = tokensWith({ clientID: "id", clientSecret: "s3cret&x" });
  expect(await tokens.authorization(signal)).toBe("Bearer t1");
  expect(server.requests[0]).toMatchObject({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials&client_id=id&client_secret=s3cret%26x",
  });
  answer = { access_token: "t2" };
  nowMs = 49_999;
  expect(await tokens.authorization(signal)).toBe("Bearer t1");
  nowMs = 50_000;
  expect(await tokens.authorization(signal)).toBe("Bearer t2");
  expect(server.requests).toHaveLength(2);
});

it("asks again when the token was refused", async () => {
  const tokens = tokensWith({ clientID: "id", clientSecret: "s" });
  await tokens.authorization(signal);
  tokens.forget();
  await tokens.authorization(signal);
  expect(server.requests).toHaveLength(2);
});

it("reads the credentials of a folder, and again after the delay", async () => {
  const folder = await mkdtemp(join(tmpdir(), "burgee-oauth-"));
  await writeFile(join(folder, "client-id"), "one\n");
  await writeFile(join(folder, "client-secret"), "first");
  const tokens = tokensWith({ clientID: "ignored", folder, reloadDelayS: 10 });
  await tokens.authorization(signal);
  await writeFile(join(folder, "client-secret"), "second");
  nowMs = 10_000;
  await tokens.authorization(signal);
  nowMs = 10_001;
  await tokens.authorization(signal);
  expect(server.requests.map(({ body }) => body.replace(/^.*client_id=/, ""))).toEqual([
    "one&client_secret=first",
    "one&client_secret=second",
  ]);
  await rm(folder, { recursive: true });
});

it("says what is missing without repeating what the server said", async () => {
  answer = { error: "bad client s3cret" };
  const tokens = tokensWith({ clientID: "id", clientSecret: "s3cret" });
  await expect(tokens.authorization(signal)).rejects.toThrow(
    `oauth: ${server.origin}/token?key=*** gave an answer without access_token, expected an access token`,
  );
  server.fail(400);
  await expect(tokens.authorization(signal)).rejects.toThrow("gave HTTP 400, expected an access token");
  expect(() => tokensWith({ tokenUrl: "" })).toThrow("oauth.tokenUrl is not a URL");
});
