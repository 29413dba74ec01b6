// What faults do to requests, seen by a client that knows nothing of them.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type KubeSim, startKubeSim } from "../sim.ts";

let sim: KubeSim;
let made = 0;
beforeAll(async () => {
  sim = await startKubeSim({ controllers: false, kubelet: false, gateway: false, gatewayApi: false });
});
afterEach(() => sim.faults.clear());
afterAll(() => sim.stop());

const collection = () => `${sim.url}/api/v1/namespaces/default/configmaps`;
const match = { verb: "create", resource: "configmaps" };

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
