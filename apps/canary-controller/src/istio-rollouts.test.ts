// The documents' canaries in a mesh, driven to their end: as they are written, but for a shorter interval and a namespace of their own.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { createMemoryBus, MemoryStreams } from "@burgee/event-bus";
import { createInformer, createKubeClient, type KubeClient, resources } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createDialer, type Dialer, parseConfig } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { canaries } from "./canary-resource.ts";
import { configSchema } from "./config.ts";
import { type VirtualService, virtualServices } from "./routers/istio/objects.ts";
import { splitOf } from "./routers/istio/virtual-service.ts";
import { startAnalyzer } from "./testing/analyzer.ts";
import { type RunningController, runController } from "./testing/running-controller.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const isCanary = (value: unknown): value is Canary =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "Canary";
const documents = ["clusters", "mirror", "regions", "gateway-api-and-istio"]
  .flatMap((file) => parseAllDocuments(readFileSync(at(`../testdata/manifests/${file}.yaml`), "utf8")))
  .map((document): unknown => document.toJS())
  .filter(isCanary)
  .filter(({ spec }) => spec.provider === undefined || spec.provider === "istio");

const tens = (from: number, to: number) => Array.from({ length: (to - from) / 10 + 1 }, (_, i) => from + 10 * i);
const byWeight = ["100:0", ...tens(10, 50).map((weight) => `${100 - weight}:${weight}`), "100:0"];
/** The splits that users of each canary had, in order. */
const expected: Record<string, readonly string[]> = {
  "myapp-primary-cluster": byWeight,
  "myapp-secondary-cluster": byWeight,
  "podinfo-multi-cluster": byWeight,
  mirror: ["100:0", "100:0 and a copy of 100 %", "0:100", "100:0"],
  "progressive-mirror": ["100:0", ...tens(10, 100).map((share) => `100:0 and a copy of ${share} %`), "0:100", "100:0"],
  "api-gateway": ["100:0", "100:0 and a copy of 100 %", "0:100", "100:0"],
  "api-gateway-us-east": ["100:0", "0:100", "100:0"],
  "api-gateway-eu-west": ["100:0", "0:100", "100:0"],
  "podinfo-istio": byWeight,
};

let sim: KubeSim;
let client: KubeClient;
let controller: RunningController;
const splits = new Map<string, string[]>();
const hooks = new Map<string, Set<string>>();
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  sim = await startKubeSim({ crds: [at("../../../deploy/crds"), at("../testdata/crds")], gateway: false });
  const { log } = captureLogger("istio");
  client = createKubeClient({ server: sim.url, log, userAgent: "test" });
  const shared = new MemoryStreams();
  const bus = createMemoryBus({ log, streams: shared });
  const analyzer = startAnalyzer(bus, ({ namespace }) => (namespace === "bad" ? "fail" : "pass"));
  // Nobody says which provider: it is the default.
  const config = parseConfig(configSchema, ["--min-interval=100ms", "--lease-duration=1s"], {});
  controller = await runController(config, (captured) => ({
    client: createKubeClient({ server: sim.url, log: captured.log }),
    bus: createMemoryBus({ log: captured.log, streams: shared }),
    dialer: hookDialer(),
  }));
  const routes = createInformer(client, virtualServices, { log });
  routes.on(({ object, type }) => {
    if (type !== "deleted") recordSplit(object);
  });
  const stopping = new AbortController();
  routes.start(stopping.signal);
  await routes.synced;
  stops.push(
    () => controller.stop(),
    () => analyzer.stop(),
    () => bus.close(),
    async () => {
      stopping.abort();
      await routes.stop();
    },
    () => client.close(),
    () => sim.stop(),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** Says yes to every hook, and remembers who was asked. */
function hookDialer(): Dialer {
  return {
    ...createDialer({}),
    async fetch(url, init) {
      const { namespace }: { namespace: string } = JSON.parse(String(init?.body));
      hooks.set(namespace, (hooks.get(namespace) ?? new Set()).add(String(url)));
      const empty = { text: () => "", json: () => undefined, bytes: () => new Uint8Array() };
      return { status: 200, ok: true, url: String(url), headers: new Headers(), ...empty };
    },
  };
}

function recordSplit(live: VirtualService): void {
  const { namespace = "", name } = live.metadata;
  const service = { port: 80 };
  const canary = { metadata: { name, namespace, uid: "", resourceVersion: "" } };
  const spec = { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name }, service, analysis: {} } as const;
  const split = splitOf(live, { apiVersion: "flagger.app/v1beta1", kind: "Canary", ...canary, spec });
  if (split === undefined) return;
  const copy = split.mirror ? ` and a copy of ${split.mirrorWeight ?? 100} %` : "";
  const text = `${split.primary}:${split.canary}${copy}`;
  const before = splits.get(namespace) ?? [];
  if (before.at(-1) !== text) splits.set(namespace, [...before, text]);
}

const deployment = (namespace: string, name: string, image: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations: { "sim.burgee.dev/ready-after": "10ms" } },
      spec: { containers: [{ name: "app", image }] },
    },
  },
});

async function reaches(namespace: string, name: string, phase: string): Promise<void> {
  let seen: Canary | undefined;
  await waitFor(
    async () => {
      seen = await client.get(canaries, { namespace, name });
      return seen.status?.phase === phase;
    },
    { timeoutMs: 40_000, describe: () => ({ wanted: phase, status: seen?.status }) },
  );
}

/** Installs a canary with version 1 of its target, and releases version 2. */
async function rollOut(document: Canary, namespace: string): Promise<void> {
  const { name } = document.metadata;
  const target = document.spec.targetRef.name;
  const analysis = { ...document.spec.analysis, interval: "100ms" };
  await sim.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    deployment(namespace, target, "app:v1"),
    { ...document, metadata: { name, namespace }, spec: { ...document.spec, analysis } },
  );
  await reaches(namespace, name, "Initialized");
  await sim.apply(deployment(namespace, target, "app:v2"));
}

describe.concurrent("in a mesh", { timeout: 60_000 }, () => {
  test("there are canaries in the documents for all that is expected", () => {
    expect(documents.map(({ metadata }) => metadata.name).sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(documents)(
    "$metadata.name of the documents gives users the intended splits and is promoted",
    async (of) => {
      const { name } = of.metadata;
      await rollOut(of, name);
      await reaches(name, name, "Succeeded");
      expect(splits.get(name)).toEqual(expected[name]);
      const urls = (of.spec.analysis.webhooks ?? []).map(({ url }) => url);
      await waitFor(() => (hooks.get(name)?.size ?? 0) === new Set(urls).size);
      expect([...(hooks.get(name) ?? [])].sort()).toEqual([...new Set(urls)].sort());
      const primary = await client.get(resources.deployments, {
        namespace: name,
        name: `${of.spec.targetRef.name}-primary`,
      });
      expect(primary.spec.template.spec.containers[0]?.image).toBe("app:v2");
    },
  );

  const istio = documents.find(({ metadata }) => metadata.name === "podinfo-istio");

  test("a bad version goes back to the primary", async () => {
    if (istio === undefined) throw new Error("the document is gone");
    await rollOut(istio, "bad");
    await reaches("bad", "podinfo-istio", "Failed");
    expect(splits.get("bad")).toEqual(["100:0", "90:10", "100:0"]);
  });

  test("a user's VirtualService is taken over, and given back when the Canary goes", async () => {
    if (istio === undefined) throw new Error("the document is gone");
    const ref = { namespace: "given-back", name: "podinfo" };
    const spec = {
      hosts: ["mine.example.com"],
      http: [{ route: [{ destination: { host: "podinfo" }, weight: 100 }] }],
    };
    await sim.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: ref.namespace } },
      { apiVersion: "networking.istio.io/v1beta1", kind: "VirtualService", metadata: ref, spec },
    );
    await rollOut({ ...istio, spec: { ...istio.spec, revertOnDeletion: true } }, ref.namespace);
    await reaches(ref.namespace, "podinfo-istio", "Succeeded");
    expect((await client.get(virtualServices, ref)).spec.hosts).toEqual(["app.example.com", "podinfo"]);
    await client.delete(canaries, { namespace: ref.namespace, name: "podinfo-istio" });
    await waitFor(async () => {
      const left = await client.tryGet(canaries, { namespace: ref.namespace, name: "podinfo-istio" });
      return left === undefined;
    });
    const { metadata, spec: left } = await client.get(virtualServices, ref);
    expect(left).toEqual(spec);
    expect(Object.keys(metadata.annotations ?? {})).not.toContain("flagger.kubernetes.io/original-configuration");
  });
});
