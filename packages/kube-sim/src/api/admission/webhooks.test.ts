import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCertificateAuthority } from "../../auth/certificates.ts";
import { mergePatchType } from "../../testing/api.ts";
import { isObject, objectAt, stringAt } from "../json.ts";
import { bare, simulated } from "../../testing/suite.ts";

let hook: Server;
/** Names of objects that the webhook was asked about. */
const asked: string[] = [];
/** What the webhook waits for before it answers its next question. */
let held: Promise<void> | undefined;

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string) => ({ metadata: { name }, data: { a: "1" } });

const { api } = await simulated(bare);

beforeAll(async () => {
  const authority = createCertificateAuthority();
  hook = createServer(authority.issue({ commonName: "hook", hosts: ["127.0.0.1"] }), async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const review: unknown = JSON.parse(text);
    const { uid, name } = objectAt(review, "request");
    asked.push(String(name));
    const wait = held;
    held = undefined;
    await wait;
    const { apiVersion, kind } = isObject(review) ? review : {};
    response.end(JSON.stringify({ apiVersion, kind, response: { uid, allowed: true } }));
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", () => resolve()));
  const address: AddressInfo | string | null = hook.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const caBundle = Buffer.from(authority.cert).toString("base64");
  await api.call("POST", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", {
    metadata: { name: "hook" },
    webhooks: [
      {
        ...{ name: "hook.kube.sim", sideEffects: "None", admissionReviewVersions: ["v1"] },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE", "UPDATE"] }],
        clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle },
      },
    ],
  });
});

afterAll(async () => {
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
});

/** Starts a request whose webhook waits; resolves when the webhook has it. */
async function start(request: () => Promise<unknown>): Promise<{ done: Promise<unknown>; release: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  const before = asked.length;
  const done = request();
  await expect.poll(() => asked.length).toBe(before + 1);
  return { done, release: resolve };
}

test("a patch that a webhook holds up loses nothing of what came in between", async () => {
  await api.call("POST", maps, map("patched"));
  const slow = await start(() => api.call("PATCH", `${maps}/patched`, { data: { b: "slow" } }, mergePatchType));
  await api.call("PATCH", `${maps}/patched`, { data: { c: "quick" } }, mergePatchType);
  slow.release();
  expect(await slow.done).toMatchObject({ data: { a: "1", b: "slow", c: "quick" } });
});

test("a replacement of a version that is overtaken is refused: 409", async () => {
  const object = await api.call("POST", maps, map("replaced"));
  const slow = await start(() => api.refusal("PUT", `${maps}/replaced`, { ...object, data: { a: "2" } }));
  await api.call("PATCH", `${maps}/replaced`, { data: { a: "3" } }, mergePatchType);
  slow.release();
  expect(await slow.done).toMatchObject({ code: 409, reason: "Conflict" });
});

test("of two creations of a name the one that a webhook holds up comes too late: 409", async () => {
  const slow = await start(() => api.refusal("POST", maps, map("twice")));
  await api.call("POST", maps, map("twice"));
  slow.release();
  expect(await slow.done).toMatchObject({ code: 409, reason: "AlreadyExists" });
});

test("a webhook with a matchCondition is refused, because nobody here could evaluate it", async () => {
  const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
  const refusal = await api.refusal(
    "PATCH",
    `${path}/hook`,
    [{ op: "add", path: "/webhooks/0/matchConditions", value: [{ name: "x", expression: "true" }] }],
    "application/json-patch+json",
  );
  expect(stringAt(refusal, "message")).toMatch(/matchConditions: Forbidden: kube-sim evaluates no CEL/);
});
