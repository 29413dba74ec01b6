import { request as httpRequest } from "node:http";
import { at, type JsonObject, objectsAt } from "../api/json.ts";
import type { KubeSim } from "../sim.ts";
import type { TestApi } from "./api.ts";

/** Answers with its pod's name, version and a few variables. */
export const server = `
const http = require("node:http");
const server = http.createServer((request, response) => {
  console.log(request.method, request.url);
  if (request.url === "/crash") process.exit(3);
  response.end(JSON.stringify({ pod: process.env.POD_NAME, version: process.env.VERSION, secret: process.env.SECRET, all: process.env.ALL_x }));
});
server.listen(Number(process.argv[1]), "127.0.0.1");
process.on("SIGTERM", () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

/** A Deployment of it, whose pods are ready when it answers. */
export function app(name: string, o: { replicas?: number; version?: string; env?: object[]; envFrom?: object[] } = {}) {
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

/** A Service in front of it. */
export const service = (name: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
});

export const deployments = "/apis/apps/v1/namespaces/default/deployments";
export const pods = "/api/v1/namespaces/default/pods";
export const waiting = { timeout: 10_000, interval: 20 };

/** What tests ask of apps that run: how many pods are available, which there are, and what they answer through the proxy. */
export function appsIn({ sim, api }: { sim: KubeSim; api: TestApi }) {
  return {
    available: async (name: string) =>
      at(await api.call("GET", `${deployments}/${name}`), "status", "availableReplicas") ?? 0,
    podsOf: async (name: string): Promise<JsonObject[]> =>
      objectsAt(await api.call("GET", `${pods}?labelSelector=app%3D${name}`), "items"),
    viaProxy: (url: string) => viaProxy(sim.proxyUrl, url),
  };
}

/** A GET through the forward proxy. */
function viaProxy(proxyUrl: string, url: string): Promise<{ status: number; body: string }> {
  const proxy = new URL(proxyUrl);
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
