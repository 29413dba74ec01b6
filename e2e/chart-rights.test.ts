// Least privilege: what the services ask of Kubernetes is granted by the charts, and nothing is granted that they never ask for.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKubeClient, type KubeClient, type KubeObject, resource } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { freePort, startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./charts/chart-folders.ts";
import { render } from "./charts/helm.ts";
import { type AskedOf, grantedRights, type Right, usedRights } from "./charts/rights.ts";
import { meshedObjects } from "./charts/meshed-objects.ts";
import { measuredChanges, rolloutChanges, rolloutObjects } from "./charts/rollout-objects.ts";
import { DemoProcess } from "./demo-process.ts";
import { alertProvider, featureFlag, metricTemplate } from "./malformed-objects.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

/** Granted, and used in ways that do not occur in every run, or that no request shows. */
const unseen: readonly Right[] = [
  // The API server checks it where it enforces owner references that block the deletion of their owner.
  "canary-controller: update flagger.app/canaries/finalizers",
  "canary-controller: update burgee.dev/flagrollouts/finalizers",
  // Read from the API only while the watch has not delivered what was written: see the tests of cached-reader.
  "canary-controller: get services",
  "canary-controller: get apps/deployments",
  "canary-controller: get apps/daemonsets",
  "canary-controller: get apps/statefulsets",
  "canary-controller: get keda.sh/scaledobjects",
  "canary-controller: get serving.knative.dev/services",
  "canary-controller: get serving.knative.dev/revisions",
  "canary-controller: get autoscaling/horizontalpodautoscalers",
  "canary-controller: get networking.istio.io/destinationrules",
  "canary-controller: get flagger.app/canaries",
  "canary-controller: get core.openfeature.dev/featureflags",
  // Asked only about pods that have not been ready for seconds: see the tests of what holds a rollout.
  "canary-controller: list pods",
  // An event that is told again with the same words is counted up, by the recorder that all services share: see its tests.
  "admin-api: patch events",
  "alert-dispatcher: patch events",
  "canary-controller: patch events",
  "flagd-proxy: patch events",
  "metrics-analyzer: patch events",
];

interface CanaryStatus extends KubeObject {
  readonly status?: { readonly phase?: string; readonly run?: number; readonly [field: string]: unknown };
}
const canaries = resource<CanaryStatus>("flagger.app", "v1beta1", "canaries", "Canary");

let sim: KubeSim;
let redis: TestRedis;
let client: KubeClient;
let adminUrl: string;
const running: ServiceProcess[] = [];

beforeAll(async () => {
  const crds = ["deploy/crds", "apps/canary-controller/testdata/crds"].map((folder) => join(root, folder));
  sim = await startKubeSim({ crds });
  redis = await startRedis();
  client = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }) });
  const remotes = ["--kube-server", sim.url, "--redis-url", redis.url];
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const [proxyPort, flagdPort, syncPort, adminPort] = ports.map(String);
  adminUrl = `http://127.0.0.1:${adminPort}`;
  const sources = JSON.stringify([{ uri: "default/fine", provider: "kubernetes" }]);
  running.push(
    ...(await Promise.all([
      startService("canary-controller", [...remotes, "--min-interval", "1s", "--mesh-provider", "kubernetes"]),
      startService("metrics-analyzer", [...remotes, "--metrics-server", "http://127.0.0.1:1"]),
      startService("alert-dispatcher", remotes),
      startService("flagd-proxy", [...remotes, "--port", proxyPort ?? ""]),
      startService("flagd", [
        "--kube-server",
        sim.url,
        "--sources",
        sources,
        "--port",
        flagdPort ?? "",
        "--sync-port",
        syncPort ?? "",
        "--ofrep-port",
        "0",
      ]),
      startService("admin-api", [...remotes, "--port", adminPort ?? "", "--host", "127.0.0.1"]),
    ])),
  );
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await client?.close();
  await sim?.stop();
  await redis?.stop();
});

const web = { name: "web", namespace: "default" };

async function phase(name: string, wanted: string): Promise<CanaryStatus> {
  const find = async () => {
    const found = await client.get(canaries, { ...web, name });
    return found.status?.phase === wanted && found;
  };
  const seen = () => running.map((service) => service.process.output().slice(-3000)).join("\n");
  return waitFor(`canary ${name} to be ${wanted}`, find, { timeoutMs: 60_000, seen });
}

/** Asks the admin API, as somebody whom the cluster knows. */
async function ask(method: string, path: string, body: object): Promise<void> {
  const response = await fetch(new URL(path, adminUrl), {
    method,
    headers: { "content-type": "application/json", authorization: "Bearer a-token-of-the-cluster" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

const asked = () => [...usedRights(sim.requests.log)];
const eventually = (right: Right) =>
  waitFor(right, () => asked().includes(right), { timeoutMs: 30_000, seen: () => asked().join("\n") });

describe("the rights of the services", () => {
  it("are used on the rarer ways, too: copies, autoscalers, taken-up actions, malformed objects, edited flags", async () => {
    await sim.apply(
      ...rolloutObjects(),
      ...meshedObjects("DISABLE"),
      featureFlag("fine", { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" }),
    );
    const names = ["web", "agent", "store", "lambda"];
    for (const name of [...names, "meshed"]) await phase(name, "Initialized");
    const switchOn = { namespace: "default", name: "web", flag: "new", target: "canary", enabled: true };
    await ask("POST", "/api/flags", switchOn);
    await sim.apply(...rolloutChanges(), ...meshedObjects("ISTIO_MUTUAL"));
    for (const name of names) await phase(name, "Succeeded");
    await ask("POST", "/api/flags", switchOn);
    await ask("POST", "/api/flags", { ...switchOn, enabled: false });
    await sim.apply(...measuredChanges());
    await eventually("metrics-analyzer: get secrets");
    await ask("PATCH", "/api/flags/default/fine/new", { defaultVariant: "on" });
    await ask("POST", "/api/canaries/default/web/actions", { action: "pause" });
    await sim.apply(
      metricTemplate("misspelt", { provider: { type: "promethius", address: "http://x" }, query: "up" }),
      alertProvider("lost", { type: "slack", secretRef: { name: "nowhere" } }),
      featureFlag("bent", { state: "ENABLED", variants: { on: true }, defaultVariant: "off" }),
    );
    for (const right of [
      "canary-controller: update networking.istio.io/virtualservices",
      "canary-controller: update networking.istio.io/destinationrules",
      "canary-controller: patch flagger.app/canaries",
      "metrics-analyzer: get flagger.app/metrictemplates",
      "metrics-analyzer: patch flagger.app/metrictemplates/status",
      "metrics-analyzer: create events",
      "alert-dispatcher: patch flagger.app/alertproviders/status",
      "alert-dispatcher: create events",
      "flagd-proxy: create events",
    ])
      await eventually(right);
  });

  it("are exactly what the charts grant", async () => {
    const folder = mkdtempSync(join(tmpdir(), "burgee-rights-"));
    const file = join(folder, "requests.json");
    const demo = new DemoProcess(["--requests", file]);
    try {
      await demo.outcome();
      const story: (AskedOf & { client: string })[] = JSON.parse(readFileSync(file, "utf8"));
      const used = new Set([
        ...asked(),
        ...usedRights(story.map((request) => ({ ...request, userAgent: request.client }))),
        ...unseen,
      ]);
      const granted = new Set([
        ...grantedRights(await render()),
        ...grantedRights(await render({ example: "flags-standalone" })),
      ]);
      expect(
        [...used].filter((right) => !granted.has(right)),
        "asked for and not granted",
      ).toEqual([]);
      expect(
        [...granted].filter((right) => !used.has(right)),
        "granted and never asked for",
      ).toEqual([]);
    } finally {
      await demo.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
