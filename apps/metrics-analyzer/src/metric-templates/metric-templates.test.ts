import { join } from "node:path";
import type { MetricTemplate } from "@burgee/contracts/crd";
import {
  createEventRecorder,
  createInformer,
  createKubeClient,
  type Informer,
  type KubeClient,
  resources,
} from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { systemClock } from "@burgee/service-kit";
import { captureLogger, freePort, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKubeLookup } from "./kube-lookup.ts";
import { metricTemplates } from "./metric-template-resource.ts";
import { reportProblems } from "./report-problems.ts";

/** For a machine that runs other tests, too. */
const patience = { timeoutMs: 20_000 };

const crds = join(import.meta.dirname, "../../../../deploy/crds");
const captured = captureLogger();
const { log } = captured;

let sim: KubeSim;
let client: KubeClient;
let informer: Informer<MetricTemplate>;
const stopping: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  sim = await startKubeSim({ crds: [crds] });
  client = createKubeClient({ server: sim.url, log });
  informer = createInformer(client, metricTemplates, { log });
  const recorder = createEventRecorder(client, { component: "metrics-analyzer", log });
  const reports = reportProblems({ client, informer, recorder, log, clock: systemClock });
  const { signal } = new AbortController();
  for (const part of [reports, informer]) await part.start?.(signal);
  stopping.push(
    () => sim.stop(),
    () => client.close(),
    () => recorder.stop(),
    () => informer.stop(),
    () => reports.stop?.(),
  );
  await informer.synced;
}, 30_000);
afterAll(async () => {
  for (const stop of stopping.reverse()) await stop();
});

function manifest(name: string, spec: object): object {
  return { apiVersion: "flagger.app/v1beta1", kind: "MetricTemplate", metadata: { name, namespace: "default" }, spec };
}
const good = { provider: { type: "prometheus", address: "http://prometheus:9090" }, query: "up" };

const read = (name: string): Promise<MetricTemplate> => client.get(metricTemplates, { namespace: "default", name });
const eventsOf = async (name: string): Promise<string[]> => {
  const { items } = await client.list(resources.events, { namespace: "default" });
  const about = items.filter((event) => JSON.stringify(event).includes(`"name":"${name}"`));
  return about.map((event) => `${String(event.type)} ${String(event.reason)}`);
};

describe("malformed metric templates", () => {
  const message = 'spec.provider.type is "promethius", expected one of: prometheus';

  it("get a condition, an event and a log line that name the path and what would be right", async () => {
    await sim.apply(manifest("typo", { ...good, provider: { type: "promethius" } }));
    const condition = await waitFor(async () => (await read("typo")).status?.conditions?.[0], patience);
    expect(condition).toMatchObject({ type: "InvalidSpec", status: "True", reason: "InvalidSpec", message });
    expect(await waitFor(async () => (await eventsOf("typo"))[0], patience)).toBe("Warning InvalidSpec");
    expect(captured.events).toContainEqual(
      expect.objectContaining({
        level: "warn",
        msg: "metric template is malformed",
        template: "typo",
        problem: message,
      }),
    );
  });

  it("lose the condition's truth when they are mended", async () => {
    await sim.apply(manifest("mended", { ...good, query: "{{ primary }}" }));
    await waitFor(async () => (await read("mended")).status?.conditions?.[0]?.status === "True", patience);
    await sim.apply(manifest("mended", good));
    const condition = await waitFor(
      async () => (await read("mended")).status?.conditions?.find(({ status }) => status === "False"),
      patience,
    );
    expect(condition.message).toBe("metric template is valid");
  });

  it("are reported once, however often they are seen", async () => {
    await sim.apply(manifest("once", { ...good, query: "{{ end }}" }));
    await waitFor(async () => (await eventsOf("once")).length === 1, patience);
    sim.faults.closeWatches();
    await sim.apply(manifest("after-once", { ...good, query: "{{ end }}" }));
    await waitFor(async () => (await eventsOf("after-once")).length === 1, patience);
    expect(await eventsOf("once")).toEqual(["Warning InvalidSpec"]);
  });

  it("leave good templates as they are", async () => {
    await sim.apply(manifest("good", good), manifest("after-good", { ...good, query: "" }));
    await waitFor(async () => (await read("after-good")).status?.conditions?.[0], patience);
    expect((await read("good")).status).toBeUndefined();
  });
});

describe("looking up what a request refers to", () => {
  it("finds a template and the secret beside it", async () => {
    const data = { token: Buffer.from("t0ken").toString("base64") };
    await sim.apply(manifest("errors", good), {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "prom", namespace: "default" },
      data,
    });
    const lookup = createKubeLookup(client, informer);
    const template = await lookup.template({ namespace: "default", name: "errors" });
    const secret = await lookup.credentials({ namespace: "default", name: "prom" });
    expect(template).toMatchObject({ kind: "found", template: { spec: good } });
    expect(secret.kind === "found" ? secret.credentials.get("token")?.reveal() : secret).toBe("t0ken");
    expect(JSON.stringify(secret)).not.toContain("t0ken");
  });

  it("says in Kubernetes' words what does not exist", async () => {
    const lookup = createKubeLookup(client, informer);
    expect([
      await lookup.template({ namespace: "default", name: "gone" }),
      await lookup.credentials({ namespace: "default", name: "gone" }),
    ]).toEqual([
      { kind: "missing", message: 'metrictemplate.flagger.app "gone" not found' },
      { kind: "missing", message: 'secrets "gone" not found' },
    ]);
  });

  it("does not call missing what it cannot ask for", async () => {
    const away = createKubeClient({ server: `http://127.0.0.1:${await freePort()}`, log, timeoutMs: 500 });
    const lookup = createKubeLookup(away, createInformer(away, metricTemplates, { log }));
    const found = [
      await lookup.template({ namespace: "default", name: "x" }),
      await lookup.credentials({ namespace: "default", name: "x" }),
    ];
    expect(found.map(({ kind }) => kind)).toEqual(["unavailable", "unavailable"]);
    await away.close();
  });
});
