// Two controllers and one shard: its owner is paused in the middle of a rollout, the other goes on, and the paused one comes back.
import { join } from "node:path";
import type { Canary } from "@burgee/contracts/crd";
import { createKubeClient, type KubeClient, resource, resources } from "@burgee/kube";
import { type AddedFault, type KubeSim, type RequestMatch, startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainCanary } from "./plain-canary.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const namespace = "shop";
const name = "web";
const crds = join(import.meta.dirname, "../deploy/crds");
/** Without metrics and hooks every check passes: nothing but the two controllers decides how the rollout goes. */
const analysis = { interval: "200ms", threshold: 2, maxWeight: 60, stepWeight: 20 };

let sim: KubeSim;
let redis: TestRedis;
let kube: KubeClient;
const processes: ServiceProcess[] = [];

beforeEach(async () => {
  sim = await startKubeSim({ crds: [crds], gateway: false });
  redis = await startRedis();
  kube = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }), userAgent: "e2e" });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await sim.apply(...plainCanary(name, { namespace, analysis }));
  const args = ["--kube-server", sim.url, "--redis-url", redis.url, "--min-interval", "200ms"];
  const start = () =>
    startService("canary-controller", [...args, "--lease-duration", "2s", "--pod-namespace", "default"]);
  processes.push(...(await Promise.all([start(), start()])));
});
afterEach(async () => {
  for (const { process } of processes) process.signal("SIGCONT");
  await Promise.all(processes.splice(0).map((service) => service.stop()));
  await kube.close();
  await redis.stop();
  await sim.stop();
});

/** Everything that helps to see why a wait was in vain. */
const seen = {
  timeoutMs: 60_000,
  seen: () => processes.map(({ process }) => process.output().slice(-2_000)).join("\n----\n"),
};
const leaseHolder = async () =>
  (await kube.tryGet(resources.leases, { namespace: "default", name: "burgee-canary-controller-0" }))?.spec
    ?.holderIdentity;
const phaseIs = async (phase: string) => (await kube.get(canaries, { namespace, name })).status?.phase === phase;
const release = (tag: string) => {
  const containers = [{ name: "app", image: `example.com/web:${tag}` }];
  const patch = { spec: { template: { spec: { containers } } } };
  return kube.patch(resources.deployments, { namespace, name }, patch, { type: "strategic" });
};
const requestsOf = (identity: string) => sim.requests.log.filter(({ userAgent }) => userAgent.includes(identity));
const writesOf = (identity: string) => requestsOf(identity).filter(({ method }) => method !== "GET");

/** Waits until the primary serves; says who holds the shard and which process that is. */
async function ownerOfTheShard(): Promise<{ identity: string; owner: ServiceProcess }> {
  await waitFor("the primary to serve", () => phaseIs("Initialized"), seen);
  const identity = await waitFor("a holder of the shard", leaseHolder, seen);
  const owner = processes.find((service) => service.logged(identity).some((line) => line.includes('"shards":[0]')));
  if (owner === undefined) throw new Error(`no process says that it is ${identity}`);
  return { identity, owner };
}

/** Lets the other process take over and resolves with the number of the request by which it did. */
async function takenOverFrom(identity: string): Promise<{ successor: string; at: number }> {
  const successor = await waitFor(
    "the other to take over",
    async () => {
      const holder = await leaseHolder();
      return holder === identity ? undefined : holder;
    },
    seen,
  );
  const takeOver = writesOf(successor).find(({ resource: of, status }) => of === "leases" && status < 300);
  if (takeOver?.done === undefined) throw new Error(`${successor} holds the lease and did not write it`);
  return { successor, at: takeOver.done };
}

/** What the paused one wrote after the other had taken over, as far as the API accepted it. */
function landedAfter(identity: string, at: number) {
  const landed = writesOf(identity).filter(({ done, status }) => done !== undefined && done > at && status < 300);
  return landed.map(({ verb, resource: of, name: which, subresource }) => ({ verb, of, which, subresource }));
}

/** Waits until the process that goes on again has looked at the lease twice: whatever it still had to send is sent. */
async function hasComeBack(identity: string): Promise<void> {
  const attempts = () => requestsOf(identity).filter(({ resource: of, done }) => of === "leases" && done).length;
  const before = attempts();
  await waitFor("the paused one to look at the lease again", () => attempts() >= before + 2, seen);
}

async function expectPromoted(): Promise<void> {
  const primary = await kube.get(resources.deployments, { namespace, name: `${name}-primary` });
  expect(primary.spec.template.spec.containers[0]?.image).toBe("example.com/web:v2");
  const route = await kube.get(resources.httpRoutes, { namespace, name });
  expect(route.spec.rules?.[0]?.backendRefs?.map(({ weight }) => weight)).toEqual([100, 0]);
  const { status } = await kube.get(canaries, { namespace, name });
  expect(status).toMatchObject({ phase: "Succeeded", canaryWeight: 0, run: 1 });
}

/** A write that is under way for as long as the test wants. */
function holdUp(match: RequestMatch): AddedFault & { arrive(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fault = sim.faults.add({ match, times: 1, action: { until: promise } });
  return {
    ...fault,
    get hits() {
      return fault.hits;
    },
    arrive: resolve,
  };
}

describe("a controller that is paused while it owns the shard", () => {
  it.each([
    ["the route", { verb: "update", resource: "httproutes" }],
    ["the status", { verb: "update", resource: "canaries", subresource: "status" }],
    ["the scale-up of the canary", { verb: "patch", resource: "deployments" }],
  ])("writes nothing once the other took over, whatever of it was under way: %s", async (_what, match) => {
    const { identity, owner } = await ownerOfTheShard();
    const heldUp = holdUp({ ...match, userAgent: identity });
    await release("v2");
    await waitFor("a write to be under way", () => heldUp.hits > 0, seen);
    owner.process.signal("SIGSTOP");
    const { at } = await takenOverFrom(identity);
    // It arrives now, when the other has perhaps not written that object yet: its version alone would let it through.
    heldUp.arrive();
    await waitFor("the other to end the rollout", () => phaseIs("Succeeded"), seen);
    owner.process.signal("SIGCONT");
    await hasComeBack(identity);
    expect(landedAfter(identity, at)).toEqual([]);
    await expectPromoted();
  });

  it("writes nothing when it was paused between two writes", async () => {
    const { identity, owner } = await ownerOfTheShard();
    await release("v2");
    await waitFor(
      "a step",
      async () => ((await kube.get(canaries, { namespace, name })).status?.canaryWeight ?? 0) > 0,
      seen,
    );
    owner.process.signal("SIGSTOP");
    const { at } = await takenOverFrom(identity);
    owner.process.signal("SIGCONT");
    await waitFor("the other to end the rollout", () => phaseIs("Succeeded"), seen);
    await hasComeBack(identity);
    expect(landedAfter(identity, at)).toEqual([]);
    await expectPromoted();
  });
});
