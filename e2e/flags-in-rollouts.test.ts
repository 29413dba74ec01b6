// docs/how-to/flags-in-rollouts.md as it is written, in kubectl's terminal, and what the SDK's users are served meanwhile.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Canary, FeatureFlag, FlagRollout } from "@burgee/contracts/crd";
import { resource } from "@burgee/kube";
import { freePort, startPrometheus, type TestPrometheus } from "@burgee/service-kit/testing";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, type Page, table } from "./flags/page.ts";
import { type RolloutServices, startRolloutServices } from "./flags/rollout-services.ts";
import { type KubectlSession, startKubectlSession } from "./kubectl-session.ts";
import { seenByRoles } from "./seen-by-roles.ts";
import { startGates } from "./strategies/gates.ts";
import { waitFor } from "./wait-for.ts";

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const flagRollouts = resource<FlagRollout>("burgee.dev", "v1alpha1", "flagrollouts", "FlagRollout");
const featureFlags = resource<FeatureFlag>("core.openfeature.dev", "v1beta1", "featureflags", "FeatureFlag");
const namespace = "default";
const name = "new-checkout";
const shop = { namespace, name: "shop" };
const variants = { off: "old", on: "new", express: "fast" };
const flags = {
  apiVersion: "core.openfeature.dev/v1beta1",
  kind: "FeatureFlag",
  metadata: { name: "shop-flags", namespace },
  spec: { flagSpec: { flags: { [name]: { state: "ENABLED", variants, defaultVariant: "off" } } } },
};
const users = Array.from({ length: 500 }, (_, i) => `user-${i}`);
const source = {
  uri: "burgee-flagd-proxy.burgee-system:8015",
  provider: "grpc",
  selector: `core.openfeature.dev/${namespace}/shop-flags`,
};

const shopLabels = { app: "shop" };
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop", namespace, labels: shopLabels },
  spec: {
    selector: { matchLabels: shopLabels },
    template: {
      metadata: { labels: shopLabels },
      spec: { containers: [{ name: "shop", image: "example.com/shop:v1", ports: [{ containerPort: 8080 }] }] },
    },
  },
};

/** A shop that says how often its checkout failed. */
let errors = 0;
let errorsAScrape = 0;
const errorsPage = createServer((_request, response) => {
  errors += errorsAScrape;
  response.end(`checkout_errors_total ${errors}\n`);
});

let folder: string;
let session: KubectlSession;
let prometheus: TestPrometheus;
let services: RolloutServices;
let gates: Awaited<ReturnType<typeof startGates>>;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-flag-rollouts-"));
  const shopPort = await freePort();
  errorsPage.listen(shopPort, "127.0.0.1");
  session = await startKubectlSession();
  page = openPage("docs/how-to/flags-in-rollouts.md", session, folder);
  await session.sim.apply(flags);
  const targets = [`127.0.0.1:${shopPort}`];
  [prometheus, gates] = await Promise.all([startPrometheus({ targets, scrapeIntervalMs: 250 }), startGates()]);
  services = await startRolloutServices(session.sim, { prometheusUrl: prometheus.url, sources: [source] });
  await OpenFeature.setProviderAndWait(
    new FlagdProvider({ host: "127.0.0.1", port: services.flagdPort, resolverType: "rpc", cache: "disabled" }),
  );
});
afterAll(async () => {
  await OpenFeature.close();
  await services?.stop();
  await gates?.stop();
  await prometheus?.stop();
  await session?.stop();
  errorsPage.close();
  await rm(folder, { recursive: true });
});

let status: Canary["status"];
const seen = { timeoutMs: 60_000, seen: () => `${JSON.stringify(status)}\n${services.log()}` };

/** The users by what the SDK is told for each of them. */
async function served(): Promise<Partial<Record<string, string[]>>> {
  const client = OpenFeature.getClient();
  const answers = await Promise.all(users.map((targetingKey) => client.getStringValue(name, "?", { targetingKey })));
  return Object.groupBy(users, (_, i) => answers[i] ?? "?");
}

/** Waits until flagd serves a value to more users than before at a weight; resolves with them. */
async function holdsAt(weight: number, o: { value: string; before?: number }): Promise<string[]> {
  const { value, before = 0 } = o;
  return waitFor(
    `${value} at ${weight} %`,
    async () => {
      ({ status } = await services.kube.get(flagRollouts, { namespace, name }));
      if (status?.routes?.canary !== weight) return false;
      const chosen = (await served())[value] ?? [];
      return chosen.length > before && chosen;
    },
    seen,
  );
}

/** Waits until everybody is served the same. */
const everybodyHas = (value: string) =>
  waitFor(`${value} for all`, async () => (await served())[value]?.length === users.length, seen);

it("ramps a variant up: who is in at 5 % is in at every larger share, and kubectl shows how far it is", async () => {
  await everybodyHas("old");
  await page.run("kubectl apply -f new-checkout.yaml");
  let before = await holdsAt(5, { value: "new" });
  expect(table(await page.run("kubectl get flagrollouts"))).toBe(table(page.blocks("text")[1] ?? ""));
  // Nobody waits a minute for a step here, and each is looked at before the next.
  const webhooks = [{ name: "gate", type: "confirm-traffic-increase", url: `${gates.url}rollout` }];
  const patch = JSON.stringify({ spec: { analysis: { interval: "500ms", webhooks } } });
  await session.kubectl(`patch flagrollout ${name} --type merge --patch '${patch}'`);
  let passed = 5;
  for (const weight of [20, 50, 100]) {
    gates.open(namespace, passed);
    const now = await holdsAt(weight, { value: "new", before: before.length });
    const deviation = Math.sqrt(users.length * (weight / 100) * (1 - weight / 100));
    expect(Math.abs(now.length - (users.length * weight) / 100)).toBeLessThanOrEqual(4.5 * deviation);
    expect(now).toEqual(expect.arrayContaining(before));
    [before, passed] = [now, weight];
  }
  gates.open(namespace, 100);
  await page.run("kubectl wait flagrollout/new-checkout --for=condition=Promoted --timeout=30m");
  await everybodyHas("new");
  const described = await page.run("kubectl describe flagrollout new-checkout");
  expect(described).toMatch(/Reason: +Succeeded\n +Status: +True\n +Type: +Promoted\n/);
  expect(described).toMatch(/Advance new-checkout\.default canary weight 5\n/);
  expect(described).toMatch(/Promotion completed! new-checkout\.default\n/);
});

it("takes a variant back from everybody when a check fails; the promoted one stays, and the FeatureFlag is as its user wrote it", async () => {
  gates.open(namespace, 0);
  await page.run(`kubectl patch flagrollout new-checkout --type merge --patch '{"spec":{"variant":"express"}}'`);
  expect((await holdsAt(5, { value: "fast" })).length).toBeLessThan(users.length / 5);
  errorsAScrape = 5;
  await page.run("kubectl wait flagrollout/new-checkout --for=condition=Promoted=False --timeout=30m");
  await everybodyHas("new");
  expect(table(await session.kubectl("get flagrollouts --no-headers"))).toBe(
    "new-checkout new-checkout express Failed 0 TIME",
  );
  await page.run("kubectl delete flagrollout new-checkout");
  await everybodyHas("old");
  const { spec } = await services.kube.get(featureFlags, { namespace, name: "shop-flags" });
  expect(spec).toEqual(flags.spec);
});

/** Waits until a pod of each role is told this. */
async function rolesSee(expected: string): Promise<void> {
  const flag = OpenFeature.getClient();
  const ask = (releaseRole: string) => flag.getStringValue(name, "?", { targetingKey: "e2e", releaseRole });
  const is = async () => {
    ({ status } = await services.kube.get(canaries, { namespace, name: "shop" }));
    return (await seenByRoles(ask)) === expected;
  };
  await waitFor(expected, is, seen);
}

it("takes a flag along with a release: its canary first, then everybody, and nobody after a rollback", async () => {
  await session.sim.apply(deployment);
  await page.run("kubectl apply -f shop.yaml");
  await page.run("kubectl wait canary/shop --for=condition=Promoted --timeout=5m");
  gates.open(namespace, 0);
  const webhooks = [{ name: "gate", type: "confirm-traffic-increase", url: `${gates.url}shop` }];
  const patch = JSON.stringify({ spec: { analysis: { interval: "500ms", webhooks } } });
  await session.kubectl(`patch canary shop --type merge --patch '${patch}'`);
  await rolesSee("canary old, primary old");

  await page.run("kubectl set image deployment/shop shop=example.com/shop:v2");
  await rolesSee("canary new, primary old");
  expect(table(await page.run("kubectl get flagoverrides"))).toBe(table(page.blocks("text")[0] ?? ""));
  const { run, targetRevision: revision } = status ?? {};
  const action = { id: "1", action: "rollback", run, revision, actor: "jane", at: new Date().toISOString() };
  await session.kubectl(`annotate canary shop 'burgee.dev/action=${JSON.stringify(action)}'`);
  await rolesSee("canary old, primary old");
  await waitFor("the rollback", async () => (await services.kube.get(canaries, shop)).status?.phase === "Failed", seen);

  await session.kubectl("set image deployment/shop shop=example.com/shop:v3");
  await rolesSee("canary new, primary old");
  gates.open(namespace, 100);
  await rolesSee("canary new, primary new");
  await session.kubectl("wait canary/shop --for=jsonpath={.status.phase}=Succeeded --timeout=60s");
  const says = JSON.stringify({ spec: { flagSpec: { flags: { [name]: { defaultVariant: "on" } } } } });
  await session.kubectl(`patch featureflag shop-flags --type merge --patch '${says}'`);
  await waitFor("the override to go", async () => (await session.kubectl("get flagoverrides")) === "", seen);
  await rolesSee("canary new, primary new");
  expect(page.left()).toEqual([]);
});
