import { createServer, type IncomingMessage } from "node:http";
import { createApiPassage } from "@burgee/kube";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gate, startGate } from "./gate.ts";

let gate: Gate;
let asked: { method: string | undefined; url: string | undefined; body: string }[];
let answer: (request: IncomingMessage) => [status: number, body: string];
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  asked = [];
  answer = () => [200, '{"kind":"Pod"}'];
  const api = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ method: request.method, url: request.url, body });
    const [status, text] = answer(request);
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  closing.push(() => api.close());
  const address = api.address();
  const port = typeof address === "object" ? address?.port : undefined;
  gate = await startGate({
    passage: createApiPassage({ server: `http://127.0.0.1:${port}` }),
    domain: { namespaces: new Set(["shop"]), node: "burgee-demo-1" },
    log: captureLogger().log,
  });
  closing.push(() => gate.stop());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function call(url: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, init);
  const body: Record<string, unknown> = JSON.parse(await response.text());
  return { status: response.status, body };
}

describe("the gate", () => {
  it("passes a write in the demo's namespace on with its query and body", async () => {
    const url = `${gate.url}/api/v1/namespaces/shop/pods?dryRun=All`;
    expect(await call(url, { method: "POST", body: '{"a":1}' })).toEqual({ status: 200, body: { kind: "Pod" } });
    expect(asked).toEqual([{ method: "POST", url: "/api/v1/namespaces/shop/pods?dryRun=All", body: '{"a":1}' }]);
  });

  it("answers with what the API answered, errors too", async () => {
    answer = () => [409, '{"kind":"Status","reason":"Conflict"}'];
    expect(await call(`${gate.url}/api/v1/namespaces/shop/pods/a`)).toEqual({
      status: 409,
      body: { kind: "Status", reason: "Conflict" },
    });
  });

  it("keeps a write elsewhere from the API, also by way of dots", async () => {
    for (const path of ["/api/v1/namespaces/default/pods", "/api/v1/namespaces/shop/../default/pods"]) {
      const { status, body } = await call(gate.url + path, { method: "POST", body: "{}" });
      expect(status).toBe(403);
      expect(body).toMatchObject({ kind: "Status", reason: "Forbidden" });
      expect(body.message).toContain("only what is in its namespaces (shop)");
    }
    expect(asked).toEqual([]);
  });

  it("knows nobody without its secret", async () => {
    const { origin } = new URL(gate.url);
    for (const url of [`${origin}/api/v1/pods`, `${gate.url}x/api/v1/pods`]) {
      expect(await call(url)).toMatchObject({ status: 401, body: { reason: "Unauthorized" } });
    }
    expect(asked).toEqual([]);
  });
});
