import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Address } from "./forward.ts";
import { createForwardProxy } from "./forward-proxy.ts";
import { GatewayMetrics } from "./gateway-metrics.ts";
import { createGatewayServer } from "./gateway-server.ts";
import type { RouteRule } from "./route-objects.ts";
import { createRouteTable } from "./route-table.ts";

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of cleanup.splice(0).reverse()) await stop();
});

async function listen(server: Server): Promise<Address> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

/** A backend that answers with its name and the request line, and remembers what it got. */
async function backend(name: string) {
  const seen: string[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    seen.push(`${incoming.method} ${incoming.url} ${incoming.headers["x-added"] ?? "-"} ${body}`);
    response.end(name);
  });
  const address = await listen(server);
  cleanup.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { address, seen };
}

async function gateway(rule: RouteRule, endpoints: Record<string, Address[]>, metrics = new GatewayMetrics()) {
  const table = createRouteTable([{ metadata: { name: "r", namespace: "test" }, spec: { rules: [rule] } }]);
  const { server, close } = createGatewayServer(
    { route: (head) => table.find(head), endpoints: ({ name }) => endpoints[name] ?? [] },
    { handled: (seen) => metrics.observe("test/front", seen), mirrored: (copy) => metrics.mirror("test/front", copy) },
  );
  const { port } = await listen(server);
  cleanup.push(close);
  return (path = "/", init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

describe("gateway server", () => {
  it("splits traffic exactly by weight", async () => {
    const [a, b] = [await backend("a"), await backend("b")];
    const visit = await gateway(
      {
        backendRefs: [
          { name: "a", weight: 70 },
          { name: "b", weight: 30 },
        ],
      },
      { a: [a.address], b: [b.address] },
    );
    for (let i = 0; i < 50; i++) await (await visit()).text();
    expect([a.seen.length, b.seen.length]).toEqual([35, 15]);
  });

  it("takes the ready addresses of a backend in turn", async () => {
    const [one, two] = [await backend("one"), await backend("two")];
    const visit = await gateway({ backendRefs: [{ name: "a" }] }, { a: [one.address, two.address] });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await (await visit()).text());
    expect(answers).toEqual(["one", "two", "one", "two"]);
  });

  it("answers 503 when the backend has no ready address", async () => {
    const visit = await gateway({ backendRefs: [{ name: "a" }] }, {});
    expect((await visit()).status).toBe(503);
  });

  it("goes on to the next ready address when one refuses the connection", async () => {
    const [gone, there] = [await backend("gone"), await backend("there")];
    await cleanup.shift()?.();
    const visit = await gateway({ backendRefs: [{ name: "a" }] }, { a: [gone.address, there.address] });
    for (let i = 0; i < 4; i++) expect(await (await visit()).text()).toBe("there");
  });

  it("redirects", async () => {
    const visit = await gateway(
      {
        matches: [{ path: { type: "PathPrefix", value: "/old" } }],
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: {
              scheme: "https",
              hostname: "shop.test",
              statusCode: 301,
              path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/new" },
            },
          },
        ],
      },
      {},
    );
    const answer = await visit("/old/cart?a=1", { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, "https://shop.test/new/cart?a=1"]);
  });

  it("answers 502 when the address refuses connections", async () => {
    const { address } = await backend("gone");
    await cleanup.pop()?.();
    const visit = await gateway({ backendRefs: [{ name: "a" }] }, { a: [address] });
    expect((await visit()).status).toBe(502);
  });

  it("mirrors the given share, body included, and answers from the backend", async () => {
    const [a, shadow] = [await backend("a"), await backend("shadow")];
    const mirror = { type: "RequestMirror", requestMirror: { backendRef: { name: "shadow" }, percent: 50 } };
    const visit = await gateway(
      { filters: [mirror], backendRefs: [{ name: "a" }] },
      { a: [a.address], shadow: [shadow.address] },
    );
    for (let i = 0; i < 4; i++) expect(await (await visit("/x", { method: "POST", body: `n${i}` })).text()).toBe("a");
    await expect.poll(() => shadow.seen.length).toBe(2);
    expect(a.seen).toHaveLength(4);
    expect(shadow.seen[0]).toMatch(/^POST \/x - n\d$/);
  });

  it("edits headers and rewrites the path", async () => {
    const a = await backend("a");
    const visit = await gateway(
      {
        matches: [{ path: { type: "PathPrefix", value: "/old" } }],
        filters: [
          { type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "X-Added", value: "yes" }] } },
          {
            type: "ResponseHeaderModifier",
            responseHeaderModifier: { add: [{ name: "Set-Cookie", value: "v=canary" }] },
          },
          { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/new" } } },
        ],
        backendRefs: [{ name: "a" }],
      },
      { a: [a.address] },
    );
    const answer = await visit("/old/item?q=1");
    expect(a.seen).toEqual(["GET /new/item?q=1 yes "]);
    expect(answer.headers.get("set-cookie")).toBe("v=canary");
  });
});

describe("what a request may take", () => {
  it("is limited by the rule's timeout in all, however often a byte comes", async () => {
    const slow = createServer((_request, response) => {
      const drip = setInterval(() => response.write("."), 20);
      response.once("close", () => clearInterval(drip));
    });
    const silent = createServer();
    const [dripping, hanging] = [await listen(slow), await listen(silent)];
    cleanup.push(async () => {
      for (const server of [slow, silent]) server.closeAllConnections();
      for (const server of [slow, silent]) server.close();
    });
    const rule = (name: string) => ({ timeoutMs: 150, backendRefs: [{ name }] });
    const visit = await gateway(rule("slow"), { slow: [dripping] });
    await expect((await visit()).text()).rejects.toThrow();
    const wait = await gateway(rule("silent"), { silent: [hanging] });
    expect((await wait()).status).toBe(504);
  });
});

describe("metrics of the gateway", () => {
  it("count requests by route, backend and status, and how long they took", async () => {
    const [a, b] = [await backend("a"), await backend("b")];
    const metrics = new GatewayMetrics();
    const mirror = { type: "RequestMirror", requestMirror: { backendRef: { name: "b", port: 80 } } };
    const refs = [
      { name: "a", port: 80, weight: 1 },
      { name: "gone", namespace: "other", weight: 1 },
    ];
    const rule = { matches: [{ path: { value: "/shop" } }], filters: [mirror], backendRefs: refs };
    const visit = await gateway(rule, { a: [a.address], b: [b.address] }, metrics);
    for (const path of ["/shop", "/shop", "/nowhere"]) await (await visit(path)).text();
    const seen = (name: string) =>
      metrics
        .page()
        .split("\n")
        .filter((line) => line.startsWith(name))
        .sort();
    const to = (route: string, backend: string) => `gateway="test/front",route="${route}",backend="${backend}"`;
    await expect
      .poll(() => seen("kube_sim_gateway_requests_total"))
      .toEqual([
        `kube_sim_gateway_requests_total{${to("", "")},code="404"} 1`,
        `kube_sim_gateway_requests_total{${to("test/r", "other/gone")},code="503"} 1`,
        `kube_sim_gateway_requests_total{${to("test/r", "test/a:80")},code="200"} 1`,
      ]);
    expect(seen("kube_sim_gateway_mirrored")).toEqual([
      `kube_sim_gateway_mirrored_requests_total{${to("test/r", "test/b:80")}} 1`,
    ]);
    const ours = to("test/r", "test/a:80");
    expect(seen(`kube_sim_gateway_request_duration_seconds_bucket{${ours},le="+Inf"}`)[0]).toMatch(/ 1$/);
    expect(seen(`kube_sim_gateway_request_duration_seconds_sum{${ours}}`)[0]).toMatch(/ 0\.\d+$/);
  });
});

describe("forward proxy", () => {
  async function proxy(known: Record<string, Address>) {
    const { server, close } = createForwardProxy(
      (host, port) => known[`${host}:${port}`] ?? { refused: `no Service for ${host}:${port}` },
    );
    cleanup.push(close);
    return listen(server);
  }

  async function throughProxy(at: Address, path: string): Promise<{ status: number; body: string }> {
    const call = request({ ...at, path });
    call.end();
    const [answer] = await once(call, "response");
    let body = "";
    for await (const chunk of answer) body += chunk;
    return { status: answer.statusCode, body };
  }

  it("forwards plain requests to the address behind the name", async () => {
    const a = await backend("a");
    const at = await proxy({ "shop.test:80": a.address });
    expect(await throughProxy(at, "http://shop.test/x?y=1")).toEqual({ status: 200, body: "a" });
    expect(a.seen).toEqual(["GET /x?y=1 - "]);
  });

  it("tunnels CONNECT to the address behind the name", async () => {
    const a = await backend("a");
    const at = await proxy({ "shop.test:8013": a.address });
    const call = request({ ...at, method: "CONNECT", path: "shop.test:8013" });
    call.end();
    const [, socket] = await once(call, "connect");
    socket.write("GET /tunnelled HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let text = "";
    for await (const chunk of socket) text += chunk;
    expect(text).toContain("200 OK");
    expect(a.seen).toEqual(["GET /tunnelled - "]);
  });

  it("answers 502 when the address behind the name refuses connections, and survives a client that resets", async () => {
    const gone = await backend("gone");
    await cleanup.pop()?.();
    const at = await proxy({ "shop.test:80": gone.address });
    const call = request({ ...at, method: "CONNECT", path: "shop.test:80" });
    call.end();
    const [answer, socket] = await once(call, "connect");
    expect(answer.statusCode).toBe(502);
    socket.resetAndDestroy();
    expect((await throughProxy(at, "http://example.com/")).status).toBe(502);
  });

  it("refuses every other host and says why", async () => {
    const at = await proxy({});
    expect(await throughProxy(at, "http://example.com/")).toEqual({
      status: 502,
      body: "no Service for example.com:80\n",
    });
  });
});
