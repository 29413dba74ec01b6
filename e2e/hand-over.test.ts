// Three controllers share the canaries by four leases: one is stopped, one is killed, the last goes on with everything until another comes.
import { join } from "node:path";
import type { Canary } from "@burgee/contracts/crd";
import { createKubeClient, type KubeClient, resource, resources } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { plainCanary } from "./plain-canary.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const namespace = "shop";
const names = Array.from({ length: 8 }, (_, i) => `web-${i}`);
const shards = [0, 1, 2, 3];
const leaseMs = 3_000;
/** Long enough to be under way whatever the machine does. */
const analysis = { interval: "300ms", threshold: 2, maxWeight: 99, stepWeight: 1 };
/** What a hand-over may take on top of a lease that nobody gave up. */
const allowedMs = 2_000;

let sim: KubeSim;
let redis: TestRedis;
let kube: KubeClient;
const processes: ServiceProcess[] = [];
let start: () => Promise<ServiceProcess>;

beforeAll(async () => {
  sim = await startKubeSim({ crds: [join(import.meta.dirname, "../deploy/crds")], gateway: false });
  redis = await startRedis();
  kube = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }), userAgent: "e2e" });
  await sim.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...names.flatMap((name) => plainCanary(name, { namespace, analysis })),
  );
  const args = ["--kube-server", sim.url, "--redis-url", redis.url, "--min-interval", "300ms", "--shards", "4"];
  start = () =>
    startService("canary-controller", [...args, "--lease-duration", `${leaseMs}ms`, "--pod-namespace", "default"]);
  processes.push(...(await Promise.all([start(), start(), start()])));
});
afterAll(async () => {
  await Promise.all(processes.map((service) => service.stop()));
  await kube.close();
  await redis.stop();
  await sim.stop();
});

const seen = { timeoutMs: 60_000 };
const phasesAre = async (phase: string) =>
  (await kube.list(canaries, { namespace })).items.every(({ status }) => status?.phase === phase);
const identityIn = (userAgent: string) => /^burgee-canary-controller \((.+)\)$/.exec(userAgent)?.[1] ?? "";
/** What the API has done for the controllers, in that order. */
const landed = () =>
  sim.requests.log
    .filter(({ method, status, done }) => method !== "GET" && done !== undefined && status > 0 && status < 300)
    .map((record) => ({ ...record, by: identityIn(record.userAgent), done: record.done ?? 0 }))
    .filter(({ by }) => by !== "")
    .sort((a, b) => a.done - b.done);

async function holders(): Promise<string[]> {
  const leases = shards.map((i) => kube.tryGet(resources.leases, leaseOf(i)));
  return (await Promise.all(leases)).map((lease) => lease?.spec?.holderIdentity ?? "");
}
const leaseOf = (shard: number) => ({ namespace: "default", name: `burgee-canary-controller-${shard}` });

/** The process that holds most, who it is and what it holds. */
async function busiest(): Promise<{ identity: string; service: ServiceProcess; held: number[] }> {
  const now = await holders();
  const heldBy = (identity: string) => shards.filter((i) => now[i] === identity);
  const [identity = ""] = [...new Set(now)].sort((a, b) => heldBy(b).length - heldBy(a).length);
  const service = processes.find(({ logged }) => logged(identity).length > 0);
  if (service === undefined) throw new Error(`no process says that it is ${identity}`);
  return { identity, service, held: heldBy(identity) };
}

/** How long after its last word on each lease another had it. */
async function handOvers(from: string, held: readonly number[]): Promise<number[]> {
  await waitFor(
    "others to hold the shards",
    async () => (await holders()).every((by) => by !== "" && by !== from),
    seen,
  );
  return held.map((shard) => {
    const writes = landed().filter(({ resource: of, name }) => of === "leases" && name === leaseOf(shard).name);
    const last = writes.findLast(({ by }) => by === from);
    const next = writes.find(({ by, done }) => by !== from && done > (last?.done ?? 0));
    return (next?.at ?? Number.NaN) - (last?.at ?? Number.NaN);
  });
}

/** Of each Canary, who wrote anything of it, in order and without repeats: nobody comes back. */
function ownersInOrder(name: string): string[] {
  const writes = landed().filter(
    (record) => record.namespace === namespace && record.name?.match(/^web-\d+/)?.[0] === name,
  );
  return writes.map(({ by }) => by).filter((by, i, all) => by !== all[i - 1]);
}

const moverOf = (name: string): string => ownersInOrder(name).at(-1) ?? "";

it("canaries change hands within two seconds of a stop, and of the end of the lease after a kill, and never have two owners", async () => {
  await waitFor("the primaries to serve", () => phasesAre("Initialized"), seen);
  await waitFor("every shard to be held", async () => (await holders()).every((by) => by !== ""), seen);
  const containers = [{ name: "app", image: "example.com/web:v2" }];
  const change = { spec: { template: { spec: { containers } } } };
  for (const name of names) await kube.patch(resources.deployments, { namespace, name }, change, { type: "strategic" });
  await waitFor("the rollouts to start", () => phasesAre("Progressing"), seen);

  const stopped = await busiest();
  await stopped.service.stop();
  for (const ms of await handOvers(stopped.identity, stopped.held)) expect(ms).toBeLessThanOrEqual(allowedMs);

  const killed = await busiest();
  killed.service.process.signal("SIGKILL");
  for (const ms of await handOvers(killed.identity, killed.held)) expect(ms).toBeLessThanOrEqual(leaseMs + allowedMs);

  const [last = ""] = await holders();
  await waitFor("the last one to move every Canary on", () => names.every((name) => moverOf(name) === last), seen);
  expect(await holders()).toEqual(shards.map(() => last));

  processes.push(await start());
  const lateHolds = async () => {
    const others = (await holders()).filter((by) => by !== last);
    return others.length === 2 && others[0] !== "" && others[0] === others[1] ? others[0] : undefined;
  };
  const late = await waitFor("one that comes later to have its share", lateHolds, seen);
  await waitFor("it to move Canaries on", () => names.some((name) => moverOf(name) === late), seen);
  for (const name of names) {
    const owners = ownersInOrder(name);
    expect(owners).toEqual([...new Set(owners)]);
  }
});
