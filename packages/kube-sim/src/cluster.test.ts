import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { at, objectAt, objectsAt } from "./api/json.ts";
import { mergePatchType } from "./testing/api.ts";
import { simulated } from "./testing/suite.ts";

const folder = await mkdtemp(join(tmpdir(), "kube-sim-"));
afterAll(() => rm(folder, { recursive: true }));
const targets = join(folder, "targets.json");
const kubelet = { logDir: join(folder, "logs"), drainMs: 150 };
const { sim, api } = await simulated({ prometheusTargetsFile: targets, kubelet });

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const pods = "/api/v1/namespaces/default/pods";

/** Answers with its pod's name, version and a few variables. */
const server = `
const http = require("node:http");
const server = http.createServer((request, response) => {
  console.log(request.method, request.url);
  if (request.url === "/crash") process.exit(3);
  response.end(JSON.stringify({ pod: process.env.POD_NAME, version: process.env.VERSION, secret: process.env.SECRET, all: process.env.ALL_x }));
});
server.listen(Number(process.argv[1]), "127.0.0.1");
process.on("SIGTERM", () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

function app(name: string, o: { replicas?: number; version?: string; env?: object[]; envFrom?: object[] } = {}) {
  const { replicas = 1, version = "1", env = [], envFrom = [] } = o;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name },
          annotations: {
            "sim.burgee.dev/command": JSON.stringify(["node", "-e", server, "{port:http}"]),
            "prometheus.io/scrape": "true",
          },
        },
        spec: {
          containers: [
            {
              name: "app",
              image: `${name}:${version}`,
              env: [{ name: "VERSION", value: version }, ...env],
              envFrom,
              ports: [{ name: "http", containerPort: 8080 }],
              readinessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}

const service = (name: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
});

const available = async (name: string) =>
  at(await api.call("GET", `${deployments}/${name}`), "status", "availableReplicas") ?? 0;
const podsOf = async (name: string) => objectsAt(await api.call("GET", `${pods}?labelSelector=app%3D${name}`), "items");

/** A GET through the forward proxy. */
function viaProxy(url: string): Promise<{ status: number; body: string }> {
  const proxy = new URL(sim.proxyUrl);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: proxy.hostname, port: proxy.port, path: url, headers: { host: new URL(url).host } },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          body += chunk;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    request.once("error", reject).end();
  });
}

const waiting = { timeout: 10_000, interval: 20 };

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

describe("a rolling update", () => {
  it("loses no request, keeps enough pods available and ends on the new version", async () => {
    await sim.apply(app("roll", { replicas: 3 }), service("roll"));
    await expect.poll(() => available("roll"), waiting).toBe(3);
    const answers: { status: number; body: string }[] = [];
    let going = true;
    const load = (async () => {
      while (going) answers.push(await viaProxy("http://roll/"));
    })();
    await sim.apply(app("roll", { replicas: 3, version: "2" }));
    const done = async () => {
      const { metadata, status } = await api.call("GET", `${deployments}/roll`);
      const seen = at(status, "observedGeneration") === at(metadata, "generation");
      return [seen, at(status, "updatedReplicas"), at(status, "replicas"), at(status, "availableReplicas")];
    };
    await expect.poll(done, waiting).toEqual([true, 3, 3, 3]);
    await expect.poll(async () => (await podsOf("roll")).length, waiting).toBe(3);
    going = false;
    await load;
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(JSON.parse(answers.at(-1)?.body ?? "{}")).toMatchObject({ version: "2" });
    expect(answers.length).toBeGreaterThan(20);
  });

  it("is reported as stuck after its deadline when new pods never get ready", async () => {
    const stuck = app("stuck");
    const template = {
      metadata: { labels: { app: "stuck" }, annotations: { "sim.burgee.dev/never-ready": "true" } },
      spec: { containers: [{ name: "app", image: "stuck:1" }] },
    };
    await sim.apply({ ...stuck, spec: { ...stuck.spec, progressDeadlineSeconds: 1, template } });
    const progressing = async () => {
      const found = objectsAt(await api.call("GET", `${deployments}/stuck`), "status", "conditions");
      return found.find(({ type }) => type === "Progressing");
    };
    await expect.poll(progressing, waiting).toMatchObject({ status: "False", reason: "ProgressDeadlineExceeded" });
  });

  it("does nothing while paused", async () => {
    await sim.apply(app("held"));
    await expect.poll(() => available("held"), waiting).toBe(1);
    await api.call("PATCH", `${deployments}/held`, { spec: { paused: true } }, mergePatchType);
    const image = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "held:2" }];
    await api.call("PATCH", `${deployments}/held`, image, "application/json-patch+json");
    const seen = async () => at(await api.call("GET", `${deployments}/held`), "status", "observedGeneration");
    await expect.poll(seen, waiting).toBe(3);
    expect(objectAt(await api.call("GET", `${deployments}/held`), "status")).toMatchObject({
      replicas: 1,
      readyReplicas: 1,
    });
    const sets = await api.call("GET", "/apis/apps/v1/namespaces/default/replicasets");
    expect(
      objectsAt(sets, "items").filter((set) => String(at(set, "metadata", "name")).startsWith("held-")),
    ).toHaveLength(1);
  });
});

describe("a DaemonSet", () => {
  const daemon = (image: string) => {
    const { spec } = app("agent");
    const { replicas: _replicas, ...rest } = spec;
    const containers = [{ name: "app", image }];
    const template = { metadata: { labels: { app: "agent" } }, spec: { containers } };
    return { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent" }, spec: { ...rest, template } };
  };
  const status = async () =>
    objectAt(await api.call("GET", "/apis/apps/v1/namespaces/default/daemonsets/agent"), "status");

  it("runs a pod on every node and replaces it when the template changes", async () => {
    await sim.apply(daemon("agent:1"));
    await expect
      .poll(status, waiting)
      .toMatchObject({ desiredNumberScheduled: 1, numberAvailable: 1, updatedNumberScheduled: 1 });
    const [before] = await podsOf("agent");
    await sim.apply(daemon("agent:2"));
    await expect
      .poll(status, waiting)
      .toMatchObject({ observedGeneration: 2, numberAvailable: 1, updatedNumberScheduled: 1 });
    const [after] = await podsOf("agent");
    expect(at(after, "metadata", "name")).not.toBe(at(before, "metadata", "name"));
    expect(at(after, "spec", "containers", 0, "image")).toBe("agent:2");
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

describe("deletion", () => {
  it("takes a Deployment's ReplicaSets, pods and processes with it", async () => {
    await sim.apply(app("gone", { replicas: 2 }));
    await expect.poll(() => available("gone"), waiting).toBe(2);
    await api.call("DELETE", `${deployments}/gone`);
    await expect.poll(async () => (await podsOf("gone")).length, waiting).toBe(0);
  });

  it("orphans the dependents on request", async () => {
    await sim.apply(app("orphaned"));
    await expect.poll(() => available("orphaned"), waiting).toBe(1);
    await api.call("DELETE", `${deployments}/orphaned`, { propagationPolicy: "Orphan" });
    const owners = async () => {
      const sets = objectsAt(await api.call("GET", "/apis/apps/v1/namespaces/default/replicasets"), "items");
      const set = sets.find((entry) => String(at(entry, "metadata", "name")).startsWith("orphaned-"));
      return [set !== undefined, objectsAt(set, "metadata", "ownerReferences").length];
    };
    await expect.poll(owners, waiting).toEqual([true, 0]);
    expect(await api.refusal("GET", `${deployments}/orphaned`)).toMatchObject({ code: 404 });
  });

  it("in the foreground keeps the owner until the dependents are gone", async () => {
    await sim.apply(app("front"));
    await expect.poll(() => available("front"), waiting).toBe(1);
    const marked = await api.call("DELETE", `${deployments}/front`, { propagationPolicy: "Foreground" });
    expect(objectAt(marked, "metadata")).toMatchObject({ finalizers: ["foregroundDeletion"] });
    await expect.poll(async () => (await fetch(`${sim.url}${deployments}/front`)).status, waiting).toBe(404);
    expect(await podsOf("front")).toHaveLength(0);
  });

  it("of a namespace takes everything in it", async () => {
    await api.call("POST", "/api/v1/namespaces", { metadata: { name: "brief" } });
    await api.call("POST", "/api/v1/namespaces/brief/configmaps", { metadata: { name: "x" } });
    const marked = await api.call("DELETE", "/api/v1/namespaces/brief");
    expect(at(marked, "status", "phase")).toBe("Terminating");
    await expect.poll(async () => (await fetch(`${sim.url}/api/v1/namespaces/brief`)).status, waiting).toBe(404);
    expect(
      objectsAt(await api.call("GET", "/api/v1/configmaps"), "items").map((map) => at(map, "metadata", "namespace")),
    ).not.toContain("brief");
  });
});
