import { request as httpRequest } from "node:http";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { at, objectsAt } from "../api/json.ts";
import { mergePatchType } from "../testing/api.ts";
import { simulated } from "../testing/suite.ts";

const { sim, api } = await simulated();
const waiting = { timeout: 10_000, interval: 20 };

const echo = `
require("node:http").createServer((request, response) => {
  if (request.headers["x-mirror"]) console.log("mirrored", request.url);
  response.setHeader("x-version", process.env.VERSION);
  response.end(process.env.VERSION);
}).listen(Number(process.argv[1]), "127.0.0.1");
`;

function version(name: string) {
  const labels = { app: name };
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name,
        labels,
        annotations: { "sim.burgee.dev/command": JSON.stringify(["node", "-e", echo, "{port}"]) },
      },
      spec: {
        containers: [
          {
            name: "app",
            image: "echo:1",
            env: [{ name: "VERSION", value: name }],
            ports: [{ name: "http", containerPort: 8080 }],
            readinessProbe: { httpGet: { port: 8080 } },
          },
        ],
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: "http" }] },
    },
  ];
}

const gateway = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: "front" },
  spec: { gatewayClassName: "sim", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
};

const backends = (primary: number, canary: number) => [
  { name: "primary", port: 80, weight: primary },
  { name: "canary", port: 80, weight: canary },
];

const route = (rules: object[]) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "shop" },
  spec: { parentRefs: [{ name: "front" }], hostnames: ["shop.example.com"], rules },
});

const routePath = "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/shop";

function get(path = "/", headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const address = sim.gatewayAddress("default", "front");
  if (!address) throw new Error("the gateway has no address");
  return new Promise((resolve, reject) => {
    const options = { ...address, path, headers: { host: "shop.example.com", ...headers } };
    const request = httpRequest(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.once("error", reject).end();
  });
}

async function share(requests: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < requests; i++) {
    const { body } = await get();
    counts[body] = (counts[body] ?? 0) + 1;
  }
  return counts;
}

beforeAll(async () => {
  await sim.apply(...version("primary"), ...version("canary"), gateway, route([{ backendRefs: backends(100, 0) }]));
  await vi.waitFor(async () => {
    expect(await get()).toMatchObject({ body: "primary" });
    const slices = await api.call("GET", "/apis/discovery.k8s.io/v1/endpointslices");
    const ready = objectsAt(slices, "items").filter(
      (slice) => at(slice, "endpoints", 0, "conditions", "ready") === true,
    );
    expect(ready).toHaveLength(2);
  }, waiting);
});

describe("the gateway", () => {
  it("reports itself programmed and the route accepted", async () => {
    const live = await api.call("GET", "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/front");
    expect(objectsAt(live, "status", "conditions")).toMatchObject([
      { type: "Accepted", status: "True" },
      { type: "Programmed", status: "True" },
    ]);
    const accepted = async () => {
      const { status } = await api.call("GET", routePath);
      return objectsAt(status, "parents", 0, "conditions").map(({ type, status: value }) => `${type}=${value}`);
    };
    await expect.poll(accepted, waiting).toEqual(["Accepted=True", "ResolvedRefs=True"]);
    expect(at(live, "metadata", "annotations", "sim.burgee.dev/listener-ports")).toContain('"http":');
  });

  it("splits exactly by weight, and follows a change of weights", async () => {
    await sim.apply(route([{ backendRefs: backends(70, 30) }]));
    await expect.poll(() => share(10), waiting).toEqual({ primary: 7, canary: 3 });
    expect(await share(100)).toEqual({ primary: 70, canary: 30 });
    await api.call("PATCH", routePath, { spec: { rules: [{ backendRefs: backends(0, 100) }] } }, mergePatchType);
    await expect.poll(() => share(5), waiting).toEqual({ canary: 5 });
  });

  it("matches headers before the rest, and answers 404 where no route fits", async () => {
    const insiders = { matches: [{ headers: [{ name: "x-canary", value: "insider" }] }], backendRefs: backends(0, 1) };
    await sim.apply(route([insiders, { backendRefs: backends(1, 0) }]));
    await expect.poll(async () => (await get("/", { "x-canary": "insider" })).body, waiting).toBe("canary");
    expect((await get()).body).toBe("primary");
    expect((await get("/", { host: "other.example.com" })).status).toBe(404);
  });

  it("mirrors the share of requests that the filter asks for", async () => {
    const edit = { type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "x-mirror", value: "1" }] } };
    const mirror = { type: "RequestMirror", requestMirror: { backendRef: { name: "canary", port: 80 }, percent: 50 } };
    await sim.apply(route([{ filters: [edit, mirror], backendRefs: backends(1, 0) }]));
    await expect.poll(async () => (await get("/probe")).body, waiting).toBe("primary");
    const seen = async () => {
      const text = await (await fetch(`${sim.url}/api/v1/namespaces/default/pods/canary/log`)).text();
      return text.split("\n").filter((line) => line === "mirrored /copied").length;
    };
    for (let i = 0; i < 10; i++) await get("/copied");
    await expect.poll(seen, waiting).toBe(5);
  });

  it("answers 503 when the chosen backend has no ready endpoint, and recovers", async () => {
    await sim.apply(route([{ backendRefs: backends(0, 1) }]));
    await expect.poll(async () => (await get()).body, waiting).toBe("canary");
    const pod = "/api/v1/namespaces/default/pods/canary";
    const never = (value: string | null) => ({ metadata: { annotations: { "sim.burgee.dev/never-ready": value } } });
    await api.call("PATCH", pod, never("true"), mergePatchType);
    await expect.poll(async () => (await get()).status, waiting).toBe(503);
    await api.call("PATCH", pod, never(null), mergePatchType);
    await expect.poll(async () => (await get()).status, waiting).toBe(200);
  });

  it("closes the listener with its Gateway", async () => {
    const address = sim.gatewayAddress("default", "front");
    await api.call("DELETE", "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/front");
    await expect.poll(() => sim.gatewayAddress("default", "front"), waiting).toBeUndefined();
    await expect(fetch(`http://127.0.0.1:${address?.port}/`)).rejects.toThrow();
  });
});
