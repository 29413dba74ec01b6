// What faults do to requests, seen by a client that knows nothing of them.
import { afterEach, describe, expect, test } from "vitest";
import { bare, simulated } from "../testing/suite.ts";
import { startKubeSim } from "../sim.ts";

let made = 0;
const { sim } = await simulated(bare);
afterEach(() => sim.faults.clear());

const collection = () => `${sim.url}/api/v1/namespaces/default/configmaps`;
const match = { verb: "create", resource: "configmaps" };

const status = async (sent: Promise<Response>) => (await sent).status;

function create(o: { query?: string; signal?: AbortSignal } = {}) {
  made += 1;
  const name = `config-${made}`;
  const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
  const headers = { "content-type": "application/json" };
  const sent = fetch(collection() + (o.query ?? ""), { method: "POST", headers, body, signal: o.signal ?? null });
  return { name, sent };
}
const exists = async (name: string) => (await fetch(`${collection()}/${name}`)).status === 200;

describe("a request", () => {
  test("that is held up is carried out when it arrives, after requests that came later", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault = sim.faults.add({ match, times: 1, action: { until: promise } });
    const late = create();
    await expect.poll(() => fault.hits).toBe(1);
    const early = create();
    expect((await early.sent).status).toBe(201);
    expect(await exists(late.name)).toBe(false);
    resolve();
    expect((await late.sent).status).toBe(201);
    expect(await exists(late.name)).toBe(true);
    const [first, second] = sim.requests.log.filter(({ method }) => method === "POST").slice(-2);
    expect(first?.done).toBeGreaterThan(second?.done ?? Number.POSITIVE_INFINITY);
  });

  test("that is held up for longer than it may take is not carried out", async () => {
    sim.faults.add({ match, action: { delayMs: 30 } });
    const { name, sent } = create({ query: "?timeout=20ms" });
    const answer = await sent;
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ kind: "Status", reason: "Timeout" });
    expect(await exists(name)).toBe(false);
  });

  test("that hangs is answered by nobody and not carried out", async () => {
    const fault = sim.faults.add({ match, action: { hang: true } });
    const { name, sent } = create({ signal: AbortSignal.timeout(50) });
    await expect(sent).rejects.toThrow();
    expect(fault.hits).toBe(1);
    expect(await exists(name)).toBe(false);
  });

  test("whose answer is dropped is carried out", async () => {
    sim.faults.add({ match, times: 1, action: { drop: "after" } });
    const { name, sent } = create();
    await expect(sent).rejects.toThrow();
    expect(await exists(name)).toBe(true);
    expect(sim.requests.log.findLast(({ method }) => method === "POST")?.status).toBe(0);
  });
});

describe("a scripted failure", () => {
  test("hits the call it names and those after it, as often as it says", async () => {
    const fault = sim.faults.add({ match, nth: 2, times: 2, action: { status: 503, reason: "ServiceUnavailable" } });
    const answers = [];
    for (let call = 0; call < 5; call++) answers.push(await status(create().sent));
    expect(answers).toEqual([201, 503, 503, 201, 201]);
    expect(fault.hits).toBe(2);
  });

  test("hits its verb and resource, nothing else", async () => {
    sim.faults.add({ match: { verb: "list", resource: "configmaps" }, action: { status: 500 } });
    expect(await status(fetch(collection()))).toBe(500);
    expect(await status(fetch(`${sim.url}/api/v1/namespaces/default/secrets`))).toBe(200);
    expect(await status(create().sent)).toBe(201);
  });

  test("of one object, namespace or subresource leaves the others alone", async () => {
    const [one, other] = [create(), create()];
    await Promise.all([one.sent, other.sent]);
    sim.faults.add({ match: { name: one.name, namespace: "default" }, action: { status: 409, reason: "Conflict" } });
    expect(await exists(one.name)).toBe(false);
    expect(await exists(other.name)).toBe(true);
  });

  test("is a Status with what the client may do about it", async () => {
    const action = { status: 429, reason: "TooManyRequests", message: "later", retryAfterSeconds: 3 };
    sim.faults.add({ match, times: 1, action });
    const answer = await create().sent;
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(await answer.json()).toMatchObject({
      kind: "Status",
      status: "Failure",
      reason: "TooManyRequests",
      code: 429,
    });
  });

  test("is over when it is taken away", async () => {
    const fault = sim.faults.add({ match, action: { drop: "before" } });
    const { name, sent } = create();
    await expect(sent).rejects.toThrow();
    expect(await exists(name)).toBe(false);
    fault.remove();
    expect(await status(create().sent)).toBe(201);
  });

  test("by user agent finds the clients that it means", async () => {
    sim.faults.add({ match: { userAgent: "unlucky/" }, action: { status: 500 } });
    const as = (agent: string) => status(fetch(collection(), { headers: { "user-agent": agent } }));
    expect([await as("unlucky/1"), await as("lucky/1")]).toEqual([500, 200]);
  });
});

describe("latency", () => {
  test("adds up over the faults that a request meets", async () => {
    sim.faults.add({ match, action: { delayMs: 40 } });
    sim.faults.add({ match: {}, action: { delayMs: 40 } });
    const before = performance.now();
    await create().sent;
    expect(performance.now() - before).toBeGreaterThan(75);
  });
});

describe("watches", () => {
  const watch = async (resource: string) => {
    const response = await fetch(`${sim.url}/api/v1/${resource}?watch=1&resourceVersion=0`);
    return { response, text: response.text() };
  };

  test("are dropped by what they follow; the others go on", async () => {
    const [maps, secrets] = [await watch("configmaps"), await watch("secrets")];
    expect(sim.faults.closeWatches({ resource: "configmaps" })).toBe(1);
    await maps.text;
    expect(sim.faults.closeWatches()).toBe(1);
    await secrets.text;
  });

  test("end with a 410 when their versions expire, and cannot start there again", async () => {
    const before = await (await fetch(collection())).json();
    const open = await watch("configmaps");
    sim.faults.expireResourceVersions();
    expect(await open.text).toContain('"code":410');
    const from = JSON.stringify(before).match(/"resourceVersion":"(\d+)"/)?.[1];
    expect(await status(fetch(`${collection()}?watch=1&resourceVersion=${from}`))).toBe(410);
  });
});

describe("a restart of the API", () => {
  test("breaks everything off, refuses for a while and forgets nothing", async () => {
    const { name, sent } = create();
    await sent;
    const open = await fetch(`${collection()}?watch=1`);
    const { promise, resolve } = Promise.withResolvers<void>();
    const back = sim.faults.restartApi(promise);
    await Promise.allSettled([open.text()]);
    await expect(fetch(collection())).rejects.toThrow();
    resolve();
    await back;
    expect(await exists(name)).toBe(true);
  });
});

describe("the recorder", () => {
  test("has every request with its user, its field manager and its outcome", async () => {
    const token = "a-user-of-the-test";
    const users = [{ username: "jane", groups: ["system:masters"], token }];
    const own = await startKubeSim({ ...bare, users });
    const headers = { authorization: `Bearer ${token}`, "user-agent": "tool/1", "content-type": "application/json" };
    const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } });
    const path = "/api/v1/namespaces/default/configmaps";
    await fetch(`${own.url}${path}?fieldManager=hand`, { method: "POST", headers, body });
    await fetch(`${own.url}${path}/y`, { headers });
    expect(own.requests.log).toMatchObject([
      { verb: "create", resource: "configmaps", user: "jane", fieldManager: "hand", userAgent: "tool/1", status: 201 },
      { verb: "get", name: "y", namespace: "default", user: "jane", fieldManager: undefined, status: 404, done: 2 },
    ]);
    own.requests.clear();
    expect(own.requests.log).toEqual([]);
    await own.stop();
  });
});
