import { createDialer, Secret } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type HookServer, startHookServer } from "../testing/hook-server.ts";
import { canaryOf } from "../testing/objects.ts";
import { callWebhook } from "./call.ts";
import { createEventHooks } from "./event-hooks.ts";
import { expandMetadata } from "./expand.ts";
import { createHookTokens } from "./own-services.ts";
import { hookPayload, hookVariables } from "./payload.ts";

const dialer = createDialer();
const noTokens = { tokenFor: () => undefined };

describe("a hook", () => {
  let server: HookServer;
  const running = new AbortController();
  beforeAll(async () => {
    server = await startHookServer();
  });
  afterAll(async () => {
    await server.stop();
    await dialer.close();
  });
  beforeEach(() => {
    server.received.length = 0;
  });
  afterEach(() => server.answer(() => ({ status: 200 })));

  const call = (o: { retries?: number; url?: string; timeoutMs?: number } = {}) =>
    callWebhook(
      {
        url: `${server.url}/hook`,
        body: { name: "app" },
        idempotencyKey: "uid/1/rollout/load/3",
        timeoutMs: 2_000,
        retries: 0,
        disableTLS: false,
        ...o,
      },
      { dialer, tokens: noTokens, signal: running.signal },
    );

  const outcomes: Record<string, { status: number; body?: string; ok: boolean; message: string }> = {
    "passes with 200": { status: 200, ok: true, message: "" },
    "passes with 202": { status: 202, ok: true, message: "" },
    "fails with 204, as upstream has it": { status: 204, ok: false, message: "status 204" },
    "fails with the answer's text": { status: 403, body: "gate is closed", ok: false, message: "gate is closed" },
    "fails at 501 without another try": { status: 501, body: "no", ok: false, message: "no" },
  };
  test.each(Object.entries(outcomes))("%s", async (_title, { status, body, ok, message }) => {
    server.answer(() => (body === undefined ? { status } : { status, body }));
    expect(await call()).toEqual({ ok, message });
    expect(server.received).toHaveLength(1);
  });

  test("carries its idempotency key and JSON", async () => {
    await call();
    expect(server.received[0]).toMatchObject({
      path: "/hook",
      headers: { "idempotency-key": "uid/1/rollout/load/3", "content-type": "application/json" },
      body: { name: "app" },
    });
  });

  test("is tried again after 5xx and keeps the answer's text when it gives up", async () => {
    server.answer(() => ({ status: 503, body: "warming up" }));
    const { ok, message } = await call({ retries: 1 });
    expect(ok).toBe(false);
    expect(message).toBe(`POST ${server.url}/hook giving up after 2 attempt(s): status 503: warming up`);
    expect(server.received).toHaveLength(2);
  });

  test("passes when a later try does", async () => {
    server.answer(() => ({ status: server.received.length > 1 ? 200 : 500 }));
    expect(await call({ retries: 2 })).toEqual({ ok: true, message: "" });
  });

  test("fails when nobody listens", async () => {
    expect((await call({ url: "http://127.0.0.1:1/" })).message).toContain(
      "giving up after 1 attempt(s): [unreachable]",
    );
  });
});

describe("the hook token", () => {
  const tokens = createHookTokens({
    token: new Secret("s3cret"),
    services: ["loadtester.burgee", "admin-api.burgee:8080"],
  });
  test.each([
    ["http://loadtester.burgee/gate", "s3cret"],
    ["http://loadtester.burgee.svc.cluster.local/", "s3cret"],
    ["http://admin-api.burgee:8080/api/flags", "s3cret"],
    ["http://admin-api.burgee/api/flags", undefined],
    ["http://loadtester.burgee.evil.example/", undefined],
    ["http://user@loadtester.burgee/", undefined],
    ["http://loadtester.test/", undefined],
    ["not a url", undefined],
  ])("for %s is %s", (url, token) => {
    expect(tokens.tokenFor(url)).toBe(token);
  });
  test("does not exist without one", () => {
    expect(createHookTokens({ token: undefined, services: ["a.b"] }).tokenFor("http://a.b/")).toBeUndefined();
  });
  test("does not follow a redirect", async () => {
    const server = await startHookServer();
    const local = createDialer();
    server.answer(() => ({ status: 307, headers: { location: `${server.url}/elsewhere` } }));
    const request = {
      url: `${server.url}/`,
      body: {},
      idempotencyKey: "k",
      timeoutMs: 1_000,
      retries: 0,
      disableTLS: false,
    };
    const caller = { dialer: local, tokens: { tokenFor: () => "s3cret" }, signal: new AbortController().signal };
    expect((await callWebhook(request, caller)).ok).toBe(false);
    expect(server.received.map((hook) => hook.path)).toEqual(["/"]);
    expect(server.received[0]?.headers.authorization).toBe("Bearer s3cret");
    await local.close();
    await server.stop();
  });
});

describe("metadata", () => {
  const variables = { image: "web:v2", canaryWeight: "20", name: "app" };
  const cases: Record<string, { written: Record<string, unknown>; sent: Record<string, unknown> }> = {
    "fills in both spellings": {
      written: { a: "scan $(params.image)", b: "weight={{ canaryWeight }} {{name}}" },
      sent: { a: "scan web:v2", b: "weight=20 app" },
    },
    "reaches into lists and objects": { written: { a: [{ b: "$(params.name)" }, 3] }, sent: { a: [{ b: "app" }, 3] } },
    "leaves what it does not know to the receiver": {
      written: { a: "{{ .Values.x }} $(params.other) {{ toString }}" },
      sent: { a: "{{ .Values.x }} $(params.other) {{ toString }}" },
    },
  };
  test.each(Object.entries(cases))("%s", (_title, { written, sent }) => {
    expect(expandMetadata(written, variables)).toEqual({ metadata: sent });
  });
  test("is not sent when a value could be a command", () => {
    expect(expandMetadata({ cmd: "scan {{ image }}" }, { image: "web; rm -rf /" })).toEqual({
      problem: 'image is "web; rm -rf /", expected only letters, digits and _./:@+-',
    });
  });
});

const hook = {
  id: "load",
  name: "load",
  type: "rollout",
  url: "http://x/",
  timeoutMs: 1,
  retries: 0,
  muteAlert: false,
  disableTLS: false,
  metadata: {},
  events: [],
  minWeight: 0,
} as const;

test("the payload has upstream's fields first, and a checksum of its alphabet", () => {
  const status = {
    phase: "Progressing",
    failedChecks: 0,
    canaryWeight: 20,
    iterations: 0,
    run: 3,
    targetRevision: "t1-a",
    lastAppliedSpec: "t1-a",
  } as const;
  const about = {
    canary: canaryOf(),
    status,
    hook,
    phase: "Progressing",
    image: "web:v2",
    images: { web: "web:v2" },
  } as const;
  const payload = hookPayload(about, {});
  expect(Object.keys(payload).slice(0, 5)).toEqual(["name", "namespace", "phase", "checksum", "type"]);
  expect(payload).toMatchObject({
    name: "app",
    namespace: "test",
    phase: "Progressing",
    run: 3,
    revision: "t1-a",
    canaryWeight: 20,
  });
  expect(payload.checksum).toMatch(/^[456789bcdf]{1,10}$/);
  expect(payload.metadata).toBeUndefined();
  expect(hookVariables(about)).toMatchObject({
    image: "web:v2",
    "image.web": "web:v2",
    target: "app",
    revision: "t1-a",
  });
});

test("event hooks get every event in order, with upstream's metadata", async () => {
  const server = await startHookServer();
  const local = createDialer();
  const { log } = captureLogger();
  const hooks = createEventHooks({
    caller: { dialer: local, tokens: noTokens, signal: new AbortController().signal },
    log,
  });
  const metadata = { eventType: "mine", team: "web" };
  for (const message of ["one", "two", "three"]) {
    hooks.tell({
      canary: canaryOf(),
      hook: { ...hook, url: server.url, timeoutMs: 2_000, metadata },
      event: { type: "Normal", message },
      phase: "Progressing",
      checksum: "4",
      id: message,
      at: 1_700_000_000_000,
    });
  }
  await hooks.flush();
  expect(server.received.map((hook) => hook.body.metadata)).toEqual(
    ["one", "two", "three"].map((eventMessage) => ({
      eventMessage,
      eventType: "Normal",
      timestamp: "1700000000000",
      team: "web",
    })),
  );
  await local.close();
  await server.stop();
});
