import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiPassage, createApiPassage } from "./api-passage.ts";
import { kubeconfigContexts } from "./http/kubeconfig.ts";
import { type ScriptedApi, startScriptedApi } from "./testing/scripted-api.ts";

let api: ScriptedApi;
let folder: string;
let kubeconfig: string;
let passage: ApiPassage;

beforeEach(async () => {
  api = await startScriptedApi((call) => call.respond(201, { made: true }));
  folder = mkdtempSync(join(tmpdir(), "burgee-passage-"));
  kubeconfig = join(folder, "config");
  writeFileSync(join(folder, "token"), "old");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "here", cluster: { server: api.url } }],
      users: [{ name: "somebody", user: { tokenFile: "token" } }],
      contexts: ["one", "two"].map((name) => ({ name, context: { cluster: "here", user: "somebody" } })),
    }),
  );
  passage = createApiPassage({ kubeconfig, context: "two" });
});
afterEach(async () => {
  await passage.close();
  await api.stop();
  rmSync(folder, { recursive: true });
});

function pass(body: string) {
  return passage.pass({
    method: "POST",
    path: "/api/v1/namespaces?dryRun=All",
    headers: { "content-type": "application/json", authorization: "Bearer not-for-the-api" },
    body: Readable.from([body]),
    signal: AbortSignal.timeout(5_000),
  });
}

test("a request reaches the API as it came, under the name of the kubeconfig's user", async () => {
  const answer = await pass('{"kind":"Namespace"}');
  expect(answer.status).toBe(201);
  expect(JSON.parse(await text(answer.body))).toEqual({ made: true });
  expect(api.calls).toMatchObject([{ method: "POST", path: "/api/v1/namespaces", body: { kind: "Namespace" } }]);
  expect(api.calls[0]?.headers.authorization).toBe("Bearer old");
});

test("credentials that the API refused are read again for the next request", async () => {
  api.handle = (call) => call.respond(401, {});
  await text((await pass("{}")).body);
  writeFileSync(join(folder, "token"), "new");
  await text((await pass("{}")).body);
  expect(api.calls.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
});

test("a kubeconfig tells its contexts", () => {
  expect(kubeconfigContexts(kubeconfig)).toEqual(["one", "two"]);
  expect(() => kubeconfigContexts("/nowhere")).toThrow("kubeconfig is /nowhere, expected a readable kubeconfig file");
});
