import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { at, objectsAt } from "./api/json.ts";
import { app, appsIn, pods, server, service, waiting } from "./testing/apps.ts";
import { simulated } from "./testing/suite.ts";

const folder = await mkdtemp(join(tmpdir(), "kube-sim-"));
afterAll(() => rm(folder, { recursive: true }));
const targets = join(folder, "targets.json");
const kubelet = { logDir: join(folder, "logs"), drainMs: 150 };
const { sim, api } = await simulated({ prometheusTargetsFile: targets, kubelet });
const { available, podsOf, viaProxy } = appsIn({ sim, api });

describe("pods that are processes", () => {
  it("run with the environment of their spec and are reached by their Service's name", async () => {
    await sim.apply(
      { apiVersion: "v1", kind: "Secret", metadata: { name: "keys" }, stringData: { key: "hush" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "all" }, data: { x: "from map" } },
      app("shop", {
        env: [{ name: "SECRET", valueFrom: { secretKeyRef: { name: "keys", key: "key" } } }],
        envFrom: [{ prefix: "ALL_", configMapRef: { name: "all" } }],
      }),
      service("shop"),
    );
    await expect.poll(() => available("shop"), waiting).toBe(1);
    const [pod] = await podsOf("shop");
    await expect.poll(async () => (await viaProxy("http://shop.default.svc.cluster.local/")).status, waiting).toBe(200);
    const { body } = await viaProxy("http://shop/");
    expect(JSON.parse(body)).toEqual({
      pod: at(pod, "metadata", "name"),
      version: "1",
      secret: "hush",
      all: "from map",
    });
  });

  it("are listed for Prometheus while they are ready", async () => {
    const [pod] = await podsOf("shop");
    const list: unknown = await vi.waitFor(() => {
      const read: unknown = JSON.parse(readFileSync(targets, "utf8"));
      expect(read).toHaveLength(2);
      return read;
    }, waiting);
    expect(list).toMatchObject([
      { targets: [new URL(sim.gatewayMetricsUrl ?? "").host], labels: { component: "gateway" } },
      {
        targets: [expect.stringMatching(/^127\.0\.0\.1:\d+$/)],
        labels: { kubernetes_namespace: "default", kubernetes_pod_name: at(pod, "metadata", "name"), app: "shop" },
      },
    ]);
  });

  it("keep their logs", async () => {
    const [pod] = await podsOf("shop");
    const name = at(pod, "metadata", "name");
    const response = await fetch(`${sim.url}${pods}/${name}/log?tailLines=1`);
    expect(await response.text()).toMatch(/^GET \/\w*\n$/);
    expect(readFileSync(join(folder, "logs", `default_${name}_app.log`), "utf8")).toContain("GET /healthz");
  });

  it("start again after a crash, and traffic comes back", async () => {
    const [pod] = await podsOf("shop");
    await viaProxy("http://shop/crash");
    const restarted = async () => {
      const now = await api.call("GET", `${pods}/${at(pod, "metadata", "name")}`);
      return objectsAt(now, "status", "containerStatuses").map(({ restartCount, ready }) => ({ restartCount, ready }));
    };
    await expect.poll(restarted, waiting).toEqual([{ restartCount: 1, ready: true }]);
    await expect.poll(async () => (await viaProxy("http://shop/")).status, waiting).toBe(200);
  });

  it("wait for a Secret that is missing and say so", async () => {
    const env = [{ name: "SECRET", valueFrom: { secretKeyRef: { name: "later", key: "key" } } }];
    await sim.apply(app("patient", { env }));
    const reason = async () =>
      at((await podsOf("patient"))[0], "status", "containerStatuses", 0, "state", "waiting", "reason");
    await expect.poll(reason, waiting).toBe("CreateContainerConfigError");
    await sim.apply({ apiVersion: "v1", kind: "Secret", metadata: { name: "later" }, stringData: { key: "x" } });
    await expect.poll(() => available("patient"), waiting).toBe(1);
  });
});

describe("a folder for logs that is gone", () => {
  it("costs the log file and nothing else", async () => {
    await rm(join(folder, "logs"), { recursive: true });
    await sim.apply(app("unlogged"));
    await expect.poll(() => available("unlogged"), waiting).toBe(1);
  });
});

describe("pods whose annotations are wrong", () => {
  it("wait and say what would be right", async () => {
    const annotations = { "sim.burgee.dev/command": "node app.js" };
    const spec = { containers: [{ name: "app", image: "wrong:1" }] };
    await sim.apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "wrong", annotations }, spec });
    const waitingFor = async () =>
      at(await api.call("GET", `${pods}/wrong`), "status", "containerStatuses", 0, "state", "waiting");
    await expect.poll(waitingFor, waiting).toMatchObject({
      reason: "CreateContainerConfigError",
      message: expect.stringContaining("sim.burgee.dev/command is no JSON, expected a JSON array of strings"),
    });
    await api.call("DELETE", `${pods}/wrong`);
  });
});

describe("a liveness probe that fails", () => {
  it("has its container started again", async () => {
    const command = ["node", "-e", server, "{port}"];
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "sick", annotations: { "sim.burgee.dev/command": JSON.stringify(command) } },
      spec: {
        containers: [
          {
            name: "app",
            image: "sick:1",
            ports: [{ containerPort: 80 }],
            livenessProbe: { httpGet: { path: "/", port: 81 }, periodSeconds: 1, failureThreshold: 1 },
          },
        ],
      },
    };
    await sim.apply(pod);
    const restarts = async () =>
      at(await api.call("GET", `${pods}/sick`), "status", "containerStatuses", 0, "restartCount");
    await expect.poll(restarts, waiting).toBeGreaterThan(0);
    await api.call("DELETE", `${pods}/sick`);
  });
});

describe("the proxy", () => {
  const refusals: Record<string, { url: string; text: string }> = {
    "refuses hosts that are no Services": { url: "http://example.com/", text: "no Service" },
    "refuses addresses": { url: "http://10.0.0.1/", text: "is no name of a Service" },
    "says which ports a Service has": { url: "http://shop:81/", text: "has no port 81, only 80" },
    "says when a Service is unknown": { url: "http://nobody.default/", text: 'no Service "nobody"' },
  };
  it.each(Object.entries(refusals))("%s", async (_sentence, { url, text }) => {
    const { status, body } = await viaProxy(url);
    expect(status).toBe(502);
    expect(body).toContain(text);
  });
});
