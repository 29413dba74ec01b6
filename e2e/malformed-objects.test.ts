// Malformed objects: an event, a condition where the kind has one and a log line name the path and what would be right; the rest goes on.
import { join } from "node:path";
import { createKubeClient, type KubeClient, type KubeObject, type Resource, resource, resources } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { freePort, startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertProvider, canary, featureFlag, metricTemplate, web } from "./malformed-objects.ts";
import { type ServiceName, type ServiceProcess, startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

interface WithConditions extends KubeObject {
  readonly spec?: object;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { type: string; status: string; message?: string }[];
  };
}

const flagger = (plural: string, kind: string) => resource<WithConditions>("flagger.app", "v1beta1", plural, kind);
const kinds = {
  Canary: flagger("canaries", "Canary"),
  MetricTemplate: flagger("metrictemplates", "MetricTemplate"),
  AlertProvider: flagger("alertproviders", "AlertProvider"),
  FeatureFlag: resource<WithConditions>("core.openfeature.dev", "v1beta1", "featureflags", "FeatureFlag"),
};
const running: ServiceProcess[] = [];
let sim: KubeSim;
let redis: TestRedis;
let client: KubeClient;

beforeAll(async () => {
  sim = await startKubeSim({ crds: [join(import.meta.dirname, "../deploy/crds")] });
  redis = await startRedis();
  client = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }) });
  const remotes = ["--kube-server", sim.url, "--redis-url", redis.url];
  running.push(
    ...(await Promise.all([
      startService("canary-controller", [...remotes, "--min-interval", "1s", "--no-cross-namespace-refs"]),
      startService("metrics-analyzer", remotes),
      startService("alert-dispatcher", remotes),
      startService("flagd-proxy", [...remotes, "--port", String(await freePort())]),
    ])),
  );
  await sim.apply(web("web"), web("shop"));
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await client?.close();
  await sim?.stop();
  await redis?.stop();
});

const logOf = (service: ServiceName) => running.find(({ name }) => name === service)?.process.output() ?? "";

async function eventsOf(object: KubeObject): Promise<string[]> {
  const { items } = await client.list(resources.events, { namespace: "default" });
  const mine = items.filter(
    ({ involvedObject: about }) => about?.kind === object.kind && about?.name === object.metadata.name,
  );
  return mine.map(({ type, message }) => `${type}: ${message}`);
}

async function conditionOf(r: Resource<WithConditions>, name: string, type: string): Promise<string> {
  const { status } = await client.get(r, { namespace: "default", name });
  const found = status?.conditions?.find((condition) => condition.type === type);
  return found === undefined ? "none" : `${found.status}: ${found.message}`;
}

interface Case {
  readonly object: WithConditions & { readonly kind: keyof typeof kinds };
  readonly service: ServiceName;
  readonly says: readonly string[];
  /** Default InvalidSpec; "none" for the kind that has no conditions. */
  readonly condition?: string;
}

const cases: Record<string, Case> = {
  "a Canary that would never move": {
    object: canary("no-step", { analysis: { stepWeight: 0 } }),
    service: "canary-controller",
    says: [
      "spec.analysis.stepWeight is 0, expected 1–100, or a list in stepWeights, or iterations for blue/green and A/B",
    ],
  },
  "a Canary with an unknown provider": {
    object: canary("provider", { spec: { provider: "istoi" } }),
    service: "canary-controller",
    says: ['spec.provider is "istoi", expected one of: flag, gatewayapi:v1, gatewayapi:v1beta1, istio, kubernetes'],
  },
  "a Canary whose target is not there": {
    object: canary("no-target", { spec: { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" } } }),
    service: "canary-controller",
    says: ['deployment nobody.default get query error: deployments.apps "nobody" not found'],
    condition: "TargetMissing",
  },
  "a Canary with a target of another kind": {
    object: canary("job", { spec: { targetRef: { apiVersion: "batch/v1", kind: "Job", name: "web" } } }),
    service: "canary-controller",
    says: ['spec.targetRef.kind is "Job", expected Deployment'],
  },
  "a Canary without a service": {
    object: canary("no-service", { spec: { service: undefined } }),
    service: "canary-controller",
    says: ["spec.service is absent, expected an object with port"],
  },
  "a Canary with a metric that measures nothing": {
    object: canary("metric", { analysis: { metrics: [{ name: "sales", thresholdRange: { max: 1 } }] } }),
    service: "canary-controller",
    says: [
      'spec.analysis.metrics[0].templateRef is absent, expected the name of a MetricTemplate, or a query: "sales" is no built-in metric (request-success-rate, request-duration)',
    ],
    condition: "MetricUnusable",
  },
  "a Canary with a duration that only looks like one": {
    object: canary("duration", { analysis: { interval: "10sx" } }),
    service: "canary-controller",
    says: ['spec.analysis.interval is "10sx", expected a duration such as "30s", "1m30s" or "1h"'],
  },
  "a Canary that refers to other namespaces": {
    object: canary("cross", {
      analysis: {
        metrics: [{ name: "m", templateRef: { name: "t", namespace: "other" } }],
        alerts: [{ name: "a", severity: "info", providerRef: { name: "p", namespace: "other" } }],
      },
    }),
    service: "canary-controller",
    says: [
      'spec.analysis.metrics[0].templateRef.namespace is "other", expected default: cross-namespace references are blocked (--no-cross-namespace-refs)',
      'spec.analysis.alerts[0].providerRef.namespace is "other", expected default: cross-namespace references are blocked (--no-cross-namespace-refs)',
    ],
  },
  "a MetricTemplate with an unknown provider": {
    object: metricTemplate("provider", { provider: { type: "promethius", address: "http://x" }, query: "up" }),
    service: "metrics-analyzer",
    says: ['spec.provider.type is "promethius", expected one of: prometheus'],
  },
  "a MetricTemplate with a broken query and an address that is none": {
    object: metricTemplate("query", {
      provider: { type: "prometheus", address: "prometheus" },
      query: "sum({{ target ",
    }),
    service: "metrics-analyzer",
    says: [
      'spec.provider.address is "prometheus", expected a URL such as http://prometheus:9090',
      'spec.query is "sum({{ target", expected a Go template that parses; line 1: action is not closed, expected }}',
    ],
  },
  "an AlertProvider whose Secret is not there": {
    object: alertProvider("secret", { type: "slack", secretRef: { name: "nowhere" } }),
    service: "alert-dispatcher",
    says: [
      'spec.secretRef.name is "nowhere": [secret_missing] Secret default/nowhere of AlertProvider default/secret does not exist, expected one with the key address',
    ],
  },
  "an AlertProvider of a type that this version does not have": {
    object: alertProvider("type", { type: "opsgenie", address: "http://x" }),
    service: "alert-dispatcher",
    says: ['spec.type is "opsgenie", expected one of: '],
  },
  "an AlertProvider whose address is none, which is a secret": {
    object: alertProvider("address", { type: "slack", address: "ftp://hooks/hunter2" }),
    service: "alert-dispatcher",
    says: ['spec.address is "ftp://hooks/***", expected a URL starting with http:// or https://'],
  },
  "a FeatureFlag whose default is no variant": {
    object: featureFlag("flags", { state: "ENABLED", variants: { on: true }, defaultVariant: "off" }),
    service: "flagd-proxy",
    says: ['spec.flagSpec.flags.new.defaultVariant is "off", expected one of the variants: on'],
    condition: "none",
  },
};

describe("is told on the object, in its status and in the log:", () => {
  it.each(Object.entries(cases))("%s", async (_sentence, { object, service, says, condition = "InvalidSpec" }) => {
    await sim.apply(object);
    const { name } = object.metadata;
    const r = kinds[object.kind];
    const seen: Record<string, unknown> = {};
    await waitFor(
      "event, condition and log line",
      async () => {
        seen.events = await eventsOf(object);
        seen.condition = condition === "none" ? "True: none" : await conditionOf(r, name, condition);
        seen.log = logOf(service)
          .split("\n")
          .filter((line) => line.includes(`"${name}"`));
        const { events, condition: told, log } = seen;
        const lines = JSON.stringify(log).replaceAll(/\\+"/g, '"');
        return says.every(
          (text) =>
            String(events).includes(text) &&
            String(events).includes("Warning: ") &&
            (condition === "none" || (String(told).startsWith("True: ") && String(told).includes(text))) &&
            lines.includes(text),
        );
      },
      { timeoutMs: 30_000, seen: () => JSON.stringify(seen, null, 2) },
    );
    expect(JSON.stringify(seen)).not.toContain("hunter2");
  });
});

const refused: Record<string, { object: WithConditions; says: string }> = {
  "a Canary without a target": {
    object: canary("targetless", { spec: { targetRef: undefined } }),
    says: "spec.targetRef: Required value",
  },
  "a Canary with a word for a duration": {
    object: canary("soon", { analysis: { interval: "soon" } }),
    says: 'spec.analysis.interval: Invalid value: "soon"',
  },
  "an AlertProvider of an unknown type": {
    object: alertProvider("slak", { type: "slak", address: "http://x" }),
    says: 'spec.type: Unsupported value: "slak": supported values: "slack", "msteams"',
  },
  "a FeatureFlag in an unknown state": {
    object: featureFlag("state", { state: "ON", variants: { on: true }, defaultVariant: "on" }),
    says: 'spec.flagSpec.flags.new.state: Unsupported value: "ON": supported values: "ENABLED", "DISABLED"',
  },
};

describe("is refused by the API, with its path:", () => {
  it.each(Object.entries(refused))("%s", async (_sentence, { object, says }) => {
    await expect(sim.apply(object)).rejects.toThrow(says);
  });
});

describe("beside malformed objects", () => {
  const ref = { namespace: "default", name: "good" };
  const phase = async () => (await client.get(kinds.Canary, ref)).status?.phase;

  it("another canary is initialised and promoted", async () => {
    const blueGreen = {
      provider: "kubernetes",
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
    };
    await sim.apply(canary("good", { spec: blueGreen, analysis: { iterations: 2, stepWeight: undefined } }));
    const seen = { timeoutMs: 60_000, seen: () => logOf("canary-controller").slice(-4_000) };
    await waitFor("the good canary", async () => (await phase()) === "Initialized", seen);
    await sim.apply(web("shop", "shop:2"));
    await waitFor("the promotion", async () => (await phase()) === "Succeeded", seen);
  });

  it("a running canary whose spec breaks stands still, and goes on when it is mended", async () => {
    const broken = { analysis: { interval: "10sx" } };
    const phaseBefore = await phase();
    await client.patch(kinds.Canary, ref, { spec: broken }, { type: "merge" });
    const seen = { timeoutMs: 30_000, seen: () => logOf("canary-controller").slice(-4_000) };
    const condition = () => conditionOf(kinds.Canary, "good", "InvalidSpec");
    await waitFor("the condition", async () => (await condition()).startsWith("True: spec.analysis.interval"), seen);
    expect(await phase()).toBe(phaseBefore);
    await client.get(resources.deployments, { namespace: "default", name: "shop-primary" });
    await client.patch(kinds.Canary, ref, { spec: { analysis: { interval: "1s" } } }, { type: "merge" });
    await waitFor("the condition to go", async () => (await condition()).startsWith("False: "), seen);
    await sim.apply(web("shop", "shop:3"));
    await waitFor("the next run", async () => (await phase()) === "Progressing", seen);
    await waitFor("the next promotion", async () => (await phase()) === "Succeeded", { ...seen, timeoutMs: 60_000 });
  });

  it("an AlertProvider is fine again when it is mended", async () => {
    const provider = { namespace: "default", name: "type" };
    await client.patch(kinds.AlertProvider, provider, { spec: { type: "slack" } }, { type: "merge" });
    await waitFor("the condition to go", async () =>
      (await conditionOf(kinds.AlertProvider, "type", "InvalidSpec")).startsWith("False: "),
    );
  });

  it("every service is ready", async () => {
    for (const service of running) expect(await service.readyz()).toMatchObject({ httpStatus: 200, status: "ready" });
  });
});
