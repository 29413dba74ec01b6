// docs/how-to/queue-worker.md as it is written: real workers take orders from a real queue, and a flag says which release has them.
import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Canary, FeatureFlag } from "@burgee/contracts/crd";
import { resource } from "@burgee/kube";
import { startPrometheus, type TestPrometheus } from "@burgee/service-kit/testing";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { openPage, type Page, table } from "./flags/page.ts";
import { type RolloutServices, startRolloutServices } from "./flags/rollout-services.ts";
import { serveWorkerImages } from "./flags/worker-images.ts";
import { type KubectlSession, startKubectlSession } from "./kubectl-session.ts";
import { startGates } from "./strategies/gates.ts";
import { waitFor } from "./wait-for.ts";

interface Handled {
  readonly order: string;
  readonly version: string;
  readonly role: string;
}

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const featureFlags = resource<FeatureFlag>("core.openfeature.dev", "v1beta1", "featureflags", "FeatureFlag");
const namespace = "default";
/** Looked at, whoever has them. */
const orders = Array.from({ length: 120 }, (_, i) => `order-${i}`);
/** Others come all the time: without them there is nothing to judge. */
const otherOrderEveryMs = 100;

let folder: string;
let session: KubectlSession;
let prometheus: TestPrometheus;
let services: RolloutServices;
let gates: Awaited<ReturnType<typeof startGates>>;
let images: Awaited<ReturnType<typeof serveWorkerImages>>;
let queue: Redis;
let page: Page;
let others: NodeJS.Timeout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-queue-"));
  const targetsFile = join(folder, "targets.json");
  session = await startKubectlSession({ prometheusTargetsFile: targetsFile });
  page = openPage("docs/how-to/queue-worker.md", session);
  [prometheus, gates] = await Promise.all([startPrometheus({ targetsFile, scrapeIntervalMs: 250 }), startGates()]);
  const { sources } = parse(page.blocks("yaml")[0] ?? "").flagd;
  services = await startRolloutServices(session.sim, { prometheusUrl: prometheus.url, sources });
  queue = new Redis(services.redis.url, { db: 1 });
  images = await serveWorkerImages(session.sim, `${services.redis.url}/1`);
  await OpenFeature.setProviderAndWait(
    new FlagdProvider({ host: "127.0.0.1", port: services.flagdPort, resolverType: "rpc", cache: "disabled" }),
  );
});
afterAll(async () => {
  clearInterval(others);
  await OpenFeature.close();
  await queue?.quit();
  await services?.stop();
  await gates?.stop();
  await images?.stop();
  await prometheus?.stop();
  await session?.stop();
  await rm(folder, { recursive: true });
});

let status: Canary["status"];
const canary = async () => {
  const read = await services.kube.get(canaries, { namespace, name: "worker" });
  status = read.status;
  return read;
};
const seen = { timeoutMs: 60_000, seen: () => `${JSON.stringify(status)}\n${services.log()}` };

/** Waits until flagd serves a weight of the canary; resolves with the orders that are in, which are more than before. */
async function holdsAt(weight: number, before = 0): Promise<string[]> {
  const is = async () => {
    if ((await canary()).status?.routes?.canary !== weight) return false;
    const inShare = await keysInShare();
    return (weight === 0 ? inShare.length === 0 : inShare.length > before) && inShare;
  };
  return waitFor(`weight ${weight}`, is, seen);
}

/** What an SDK is told, order by order. */
async function keysInShare(): Promise<string[]> {
  const flags = OpenFeature.getClient();
  const ask = (order: string) => flags.getBooleanValue("order-is-for-canary", false, { targetingKey: order });
  const answers = await Promise.all(orders.map(ask));
  return orders.filter((_, i) => answers[i]);
}

/** Puts every order into the queue and waits until each was worked on. */
async function placeOrders(): Promise<Handled[]> {
  await queue.del("seen");
  await queue.rpush("orders", ...orders);
  const handled = async () => {
    const lines = (await queue.lrange("seen", 0, -1)).map((line): Handled => JSON.parse(line));
    const ours = lines.filter(({ order }) => order.startsWith("order-"));
    return ours.length >= orders.length && ours;
  };
  return waitFor("every order to be worked on", handled, seen);
}

function by(handled: readonly Handled[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { version, role } of handled) counts[`${version} ${role}`] = (counts[`${version} ${role}`] ?? 0) + 1;
  return counts;
}

it("starts with the page's manifests: everything is for the primary", async () => {
  await page.run("kubectl apply -f deploy/examples/queue-worker/queue-worker.yaml");
  await page.run("kubectl wait canary/worker --for=condition=Promoted --timeout=2m");
  // Nobody waits half a minute for a step here, and each is looked at before the next.
  const gate = (type: string) => ({ name: type, type, url: `${gates.url}worker` });
  const webhooks = [gate("confirm-traffic-increase"), gate("confirm-promotion")];
  const patch = JSON.stringify({ spec: { analysis: { interval: "500ms", webhooks } } });
  await session.kubectl(`patch canary worker --type merge --patch '${patch}'`);
  expect(by(await placeOrders())).toEqual({ "v1 primary": orders.length });
  let number = 0;
  others = setInterval(() => queue.rpush("orders", `other-${number++}`), otherOrderEveryMs);
});

it("gives a good release the share of the orders that the steps say, and an order stays where it is", async () => {
  await page.run("kubectl set image deployment/worker worker=example.com/worker:v2");
  let before: string[] = [];
  gates.open(namespace, 0);
  for (const weight of [5, 20, 50]) {
    const inShare = await holdsAt(weight, before.length);
    const handled = await placeOrders();
    const deviation = Math.sqrt(orders.length * (weight / 100) * (1 - weight / 100));
    expect(Math.abs(inShare.length - (orders.length * weight) / 100)).toBeLessThanOrEqual(4.5 * deviation);
    expect(inShare).toEqual(expect.arrayContaining(before));
    expect(by(handled)).toEqual({ "v1 primary": orders.length - inShare.length, "v2 canary": inShare.length });
    const ofCanary = handled.filter(({ role }) => role === "canary").map(({ order }) => order);
    expect(ofCanary.toSorted()).toEqual(inShare.toSorted());
    if (weight === 5) await shows();
    before = inShare;
    gates.open(namespace, weight);
  }
  await waitFor("the promotion", async () => (await canary()).status?.phase === "Succeeded", seen);
  await holdsAt(0);
  expect(by(await placeOrders())).toEqual({ "v2 primary": orders.length });
});

/** What the page's commands print while a step is held. */
async function shows(): Promise<void> {
  expect(await page.run("kubectl get canary worker")).toMatch(/^worker +Progressing +5 /m);
  expect(table(await page.run("kubectl get flagoverrides"))).toBe(table(page.blocks("text")[0] ?? ""));
}

it("takes a bad release back at once; the flag is at rest and as its user wrote it", async () => {
  gates.open(namespace, 5);
  await page.run("kubectl set image deployment/worker worker=example.com/worker:v3");
  await holdsAt(5);
  await placeOrders();
  await page.run("kubectl wait canary/worker --for=condition=Promoted=False --timeout=5m");
  await waitFor("the rollback", async () => (await canary()).status?.phase === "Failed", seen);
  await holdsAt(0);
  expect(by(await placeOrders())).toEqual({ "v2 primary": orders.length });
  expect(await page.run("kubectl describe canary worker")).toMatch(/Reason: +Failed\n/);
  const { spec } = await services.kube.get(featureFlags, { namespace, name: "worker-flags" });
  expect(spec?.flagSpec?.flags?.["order-is-for-canary"]).toMatchObject({ defaultVariant: "no" });
  expect(page.left()).toEqual([]);
});
