import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chartNames, chartsFolder, umbrella } from "./charts/chart-folders.ts";
import { exampleNames, helm, type Rendered, render, valuesArgs } from "./charts/helm.ts";
import { schemaProblems } from "./charts/kube-schemas.ts";
import { podSpecOf, testPods } from "./charts/pod-spec.ts";

const variants = [undefined, ...exampleNames()];
const shown = (example: string | undefined) => example ?? "the defaults";

describe("the charts", () => {
  it.each(chartNames())("%s passes helm lint", async (chart) => {
    expect(await helm(["lint", join(chartsFolder, chart), "--strict"])).toContain("0 chart(s) failed");
  });
});

describe.each(variants.map((example) => [shown(example), example] as const))("with %s", (_, example) => {
  it("helm lint and helm template pass, and everything that is rendered is valid", async () => {
    await helm(["lint", join(chartsFolder, umbrella), "--strict", ...valuesArgs({ example })]);
    const objects = await render({ example });
    expect(objects.flatMap(schemaProblems)).toEqual([]);
    expect(duplicates(objects)).toEqual([]);
  });

  it("no Secret's value stands in a pod", async () => {
    const objects = await render({ example });
    const secrets = objects
      .filter(({ kind }) => kind === "Secret")
      .flatMap(({ stringData, data }) => Object.values({ ...record(stringData), ...record(data) }).map(String));
    const others = JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"));
    expect(secrets.filter((value) => others.includes(JSON.stringify(value).slice(1, -1)))).toEqual([]);
  });

  it("no container can do more than it needs", async () => {
    const objects = await render({ example });
    for (const pod of [...objects.flatMap(podSpecOf), ...testPods(objects)]) {
      expect(pod).toMatchObject({ enableServiceLinks: false, securityContext: hardenedPod });
      for (const container of pod.containers) expect(container).toMatchObject(hardenedContainer);
    }
  });

  it("every container of a service is probed", async () => {
    const probes = { livenessProbe: expect.anything(), readinessProbe: expect.anything() };
    for (const { containers } of (await render({ example })).flatMap(podSpecOf))
      for (const container of containers) expect(container).toMatchObject(probes);
  });
});

const hardenedPod = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const hardenedContainer = {
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  resources: { requests: expect.anything(), limits: { memory: expect.any(String) } },
};

it("another Slack URL restarts the dispatcher, and the same one does not", async () => {
  const dispatcherWith = async (url: string) => {
    const objects = await render({ set: { "alert-dispatcher.slack.url": url } });
    const dispatcher = objects.find(
      ({ kind, metadata }) => kind === "Deployment" && metadata.name === "burgee-alert-dispatcher",
    );
    return JSON.stringify(dispatcher);
  };
  expect(await dispatcherWith("https://hooks.slack.com/a")).toBe(await dispatcherWith("https://hooks.slack.com/a"));
  expect(await dispatcherWith("https://hooks.slack.com/a")).not.toBe(await dispatcherWith("https://hooks.slack.com/b"));
});

describe("the schemas of Kubernetes", () => {
  it("tell a field that does not exist, a wrong type and a kind without a schema", () => {
    const metadata = { name: "x" };
    const service = { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: "80", prot: "TCP" }] } };
    expect(schemaProblems(service)).toEqual([
      expect.stringContaining('"instancePath":"/spec/ports/0/port"'),
      "Service x.spec.ports.prot is no field of Kubernetes",
    ]);
    expect(schemaProblems({ apiVersion: "v2", kind: "Service", metadata })).toEqual([
      "Service x: there is no schema of v2/Service here",
    ]);
  });
});

describe("wrong values are refused", () => {
  const refused: Record<string, { set: Record<string, string>; says: RegExp }> = {
    "an unknown key at the top": { set: { flags: "x" }, says: /additional properties 'flags' not allowed/ },
    "an unknown key of a service": {
      set: { "flagd.replicas": "3" },
      says: /flagd[\s\S]*additional properties 'replicas' not allowed/,
    },
    "an unknown setting of a service": {
      set: { "metrics-analyzer.settings.checkDedline": "1s" },
      says: /additional properties 'checkDedline' not allowed/,
    },
    "a setting that the chart sets itself": {
      set: { "canary-controller.settings.meshProvider": "istio" },
      says: /additional properties 'meshProvider' not allowed/,
    },
    "a value of another type": { set: { "canary-controller.shards": "many" }, says: /shards[\s\S]*want integer/ },
    "a word that is none of the choices": {
      set: { "global.logLevel": "loud" },
      says: /logLevel[\s\S]*'debug', 'info', 'warn', 'error'/,
    },
    "rollouts without a Redis": {
      set: { "global.redis.embedded": "false" },
      says: /global\.redis\.existingSecret is empty, expected the name of a Secret with the URL of Redis/,
    },
    "tokens without a Secret": {
      set: { "admin-api.auth": "tokens" },
      says: /admin-api\.tokens\.existingSecret is empty/,
    },
  };

  it.each(Object.entries(refused))("%s", async (_, { set, says }) => {
    await expect(render({ set })).rejects.toThrow(says);
  });
});

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function duplicates(objects: readonly Rendered[]): string[] {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
  return names.filter((name, index) => names.indexOf(name) !== index);
}
