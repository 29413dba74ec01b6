import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import type { Address } from "./forward.ts";
import { GatewayMetrics } from "./gateway-metrics.ts";
import { createGatewayServer } from "./gateway-server.ts";
import type { RouteRule } from "./route-objects.ts";
import { createRouteTable } from "./route-table.ts";
import { backend, cleanup, listen } from "../testing/backends.ts";

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
