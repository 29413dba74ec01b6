// Every manifest of the documents, and upstream's own shapes, are accepted unchanged; what is wrong is refused with its path.
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { createKubeClient, type KubeClient, type KubeObject, resource, resources } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { documentedObjects } from "./testing/documents.ts";

const crds = fileURLToPath(new URL("../../../deploy/crds", import.meta.url));
const kinds = new Map(
  [
    resource<KubeObject>("flagger.app", "v1beta1", "canaries", "Canary"),
    resource<KubeObject>("flagger.app", "v1beta1", "metrictemplates", "MetricTemplate"),
    resource<KubeObject>("flagger.app", "v1beta1", "alertproviders", "AlertProvider"),
    resource<KubeObject>("core.openfeature.dev", "v1beta1", "featureflagsources", "FeatureFlagSource"),
    resources.configMaps,
  ].map((r) => [r.kind, r]),
);

const documents = [...documentedObjects()].flatMap(([file, objects]) =>
  objects.map((object, i) => [`${file} #${i + 1} ${object.kind} ${object.metadata.name}`, object] as const),
);

describe("the generated CRDs", () => {
  let sim: KubeSim;
  let client: KubeClient;
  beforeAll(async () => {
    sim = await startKubeSim({ crds: [crds] });
    client = createKubeClient({ server: sim.url, log: captureLogger("crds").log });
  });
  afterAll(async () => {
    await client.close();
    await sim.stop();
  });

  const stored = async (object: KubeObject & { spec?: object }) => {
    const kind = kinds.get(object.kind ?? "");
    if (kind === undefined) throw new Error(`kind ${object.kind} is unknown`);
    const namespace = object.metadata.namespace ?? "default";
    await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const created: KubeObject & { spec?: object } = await client.create(kind, {
      ...object,
      metadata: { ...object.metadata, namespace },
    });
    await client.delete(kind, { name: object.metadata.name, namespace });
    return created;
  };

  test.each(documents)("accept %s and drop nothing of it", async (_title, object) => {
    expect(await stored(structuredClone(object))).toMatchObject(object);
  });

  const canary = (spec: object) => ({
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name: "shape" },
    spec: { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" }, service: { port: 80 }, ...spec },
  });
  const accepted: Record<string, object> = {
    "an interval in hours and no threshold": { analysis: { interval: "1h", iterations: 3 } },
    "iterations together with stepWeight": { analysis: { iterations: 5, stepWeight: 20, maxWeight: 60 } },
    "metadata of any JSON": {
      analysis: { webhooks: [{ name: "a", url: "http://x/", metadata: { list: [1, { deep: null }], flag: true } }] },
    },
    "a Knative canary without service": {
      provider: "knative",
      targetRef: { apiVersion: "serving.knative.dev/v1", kind: "Service", name: "app" },
      analysis: { interval: "15s", threshold: 15, stepWeight: 10 },
    },
    "an autoscaler with its overrides": {
      autoscalerRef: {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        name: "app",
        primaryScalerReplicas: { minReplicas: 2, maxReplicas: 5 },
      },
      analysis: { interval: "1m", threshold: 1, stepWeight: 10 },
    },
  };
  test.each(Object.entries(accepted))("accept %s", async (_title, spec) => {
    const created = await stored(canary(spec));
    expect(created.spec).toMatchObject(spec);
  });

  const refused: Record<string, { spec: object; names: string }> = {
    "a Canary without target": { spec: { targetRef: undefined, analysis: {} }, names: "spec.targetRef" },
    "a Canary without analysis": { spec: {}, names: "spec.analysis" },
    "a weight that is a text": { spec: { analysis: { stepWeight: "ten" } }, names: "spec.analysis.stepWeight" },
    "a hook of an unknown type": {
      spec: { analysis: { webhooks: [{ name: "a", url: "http://x/", type: "sometimes" }] } },
      names: "spec.analysis.webhooks[0].type",
    },
    "an event hook for events that there are not": {
      spec: { analysis: { webhooks: [{ name: "a", url: "http://x/", type: "event", events: ["step", "steps"] }] } },
      names: "spec.analysis.webhooks[0].events[1]",
    },
    "an interval without a unit": { spec: { analysis: { interval: "soon" } }, names: "spec.analysis.interval" },
  };
  test.each(Object.entries(refused))("refuse %s and name the field", async (_title, { spec, names }) => {
    await expect(stored(canary(spec))).rejects.toThrow(names);
  });

  test("fill in upstream's two defaults", async () => {
    const spec = {
      service: { port: 80, gatewayRefs: [{ name: "gw" }] },
      analysis: { sessionAffinity: { cookieName: "c" } },
    };
    const created = await stored(canary(spec));
    expect(created.spec).toMatchObject({
      analysis: { sessionAffinity: { maxAge: 86400 } },
      service: { gatewayRefs: [{ name: "gw", group: "gateway.networking.k8s.io", kind: "Gateway" }] },
    });
  });

  test("keep the whole status", async () => {
    const { metadata } = await client.create(canaries, { ...canaryOf(canary({ analysis: {} })) });
    const status = {
      phase: "Progressing",
      failedChecks: 0,
      canaryWeight: 10,
      iterations: 0,
      run: 2,
      check: 1,
      pendingCheck: { run: 2, check: 1, askedAt: "2026-01-01T00:00:00.000Z", specHash: "x" },
      tick: { number: 3, startedAt: "2026-01-01T00:00:00.000Z", hooksDone: ["rollout/load"] },
      routes: { primary: 90, canary: 10, mirrored: false },
    } as const;
    const current = await client.get(canaries, metadata);
    const written = await client.replaceStatus(canaries, {
      ...current,
      status: { ...status, tick: { ...status.tick, hooksDone: [...status.tick.hooksDone] } },
    });
    expect(written.status).toEqual(status);
  });
});

function canaryOf(object: { metadata: { name: string }; spec: object }): Canary {
  const isCanary = (value: object): value is Canary => "spec" in value;
  const named = { ...object, metadata: { ...object.metadata, namespace: "default" } };
  if (!isCanary(named)) throw new Error("not a canary");
  return named;
}
