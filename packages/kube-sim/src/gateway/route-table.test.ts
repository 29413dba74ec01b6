import { describe, expect, it } from "vitest";
import type { HttpRoute, RouteMatch } from "./route-objects.ts";
import { createRouteTable, type RequestHead } from "./route-table.ts";

interface Ask {
  host?: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
}

function head({ host = "shop.test", path = "/", method = "GET", headers = {} }: Ask): RequestHead {
  const url = new URL(path, "http://x");
  return { method, host, path: url.pathname, query: url.searchParams, header: (name) => headers[name.toLowerCase()] };
}

/** A route per entry; the rule's backend is named after the entry. */
function table(routes: Record<string, { hostnames?: string[]; matches?: RouteMatch[]; created?: string }>) {
  return createRouteTable(
    Object.entries(routes).map(
      ([name, { hostnames, matches, created }]): HttpRoute => ({
        metadata: { name, namespace: "test", ...(created ? { creationTimestamp: created } : {}) },
        spec: {
          ...(hostnames ? { hostnames } : {}),
          rules: [{ ...(matches ? { matches } : {}), backendRefs: [{ name }] }],
        },
      }),
    ),
  );
}

const path = (type: "Exact" | "PathPrefix" | "RegularExpression", value: string): RouteMatch => ({
  path: { type, value },
});
const header = (name: string, value: string, type?: "RegularExpression"): RouteMatch => ({
  headers: [{ name, value, ...(type ? { type } : {}) }],
});

const cases: Record<string, { routes: Parameters<typeof table>[0]; ask: Ask; expected: string | undefined }> = {
  "a route without hostnames and matches takes everything": { routes: { any: {} }, ask: {}, expected: "any" },
  "another host is not served": {
    routes: { a: { hostnames: ["a.test"] } },
    ask: { host: "b.test" },
    expected: undefined,
  },
  "the exact host goes before the wildcard": {
    routes: { wild: { hostnames: ["*.test"] }, exact: { hostnames: ["shop.test"] } },
    ask: {},
    expected: "exact",
  },
  "a wildcard does not take its own apex": {
    routes: { wild: { hostnames: ["*.test"] } },
    ask: { host: "test" },
    expected: undefined,
  },
  "the exact path goes before the prefix": {
    routes: { prefix: { matches: [path("PathPrefix", "/cart")] }, exact: { matches: [path("Exact", "/cart")] } },
    ask: { path: "/cart" },
    expected: "exact",
  },
  "the longest prefix wins": {
    routes: { short: { matches: [path("PathPrefix", "/")] }, long: { matches: [path("PathPrefix", "/cart")] } },
    ask: { path: "/cart/items" },
    expected: "long",
  },
  "a prefix ends at a slash": {
    routes: { a: { matches: [path("PathPrefix", "/cart")] } },
    ask: { path: "/carts" },
    expected: undefined,
  },
  "a regular expression matches the whole path": {
    routes: { a: { matches: [path("RegularExpression", "/v[0-9]")] } },
    ask: { path: "/v1/x" },
    expected: undefined,
  },
  "more headers go before fewer": {
    routes: { plain: {}, beta: { matches: [header("x-user", "beta")] } },
    ask: { headers: { "x-user": "beta" } },
    expected: "beta",
  },
  "a header may match a regular expression": {
    routes: { plain: {}, chrome: { matches: [header("user-agent", ".*Chrome.*", "RegularExpression")] } },
    ask: { headers: { "user-agent": "Mozilla Chrome/1" } },
    expected: "chrome",
  },
  "a cookie is a part of the header that has them all": {
    routes: { plain: {}, canary: { matches: [header("Cookie", "(.*; ?)?canary=always(;.*)?", "RegularExpression")] } },
    ask: { headers: { cookie: "session=1; canary=always" } },
    expected: "canary",
  },
  "another value of the cookie does not match": {
    routes: { plain: {}, canary: { matches: [header("Cookie", "(.*; ?)?canary=always(;.*)?", "RegularExpression")] } },
    ask: { headers: { cookie: "session=1; canary=never" } },
    expected: "plain",
  },
  "a parameter of the query must match": {
    routes: { plain: {}, beta: { matches: [{ queryParams: [{ name: "beta", value: "yes" }] }] } },
    ask: { path: "/?beta=yes" },
    expected: "beta",
  },
  "the method goes before headers": {
    routes: { header: { matches: [header("x-user", "beta")] }, post: { matches: [{ method: "POST" }] } },
    ask: { method: "POST", headers: { "x-user": "beta" } },
    expected: "post",
  },
  "the oldest route wins a tie": {
    routes: { young: { created: "2026-02-01T00:00:00Z" }, old: { created: "2026-01-01T00:00:00Z" } },
    ask: {},
    expected: "old",
  },
  "the method must match": { routes: { post: { matches: [{ method: "POST" }] } }, ask: {}, expected: undefined },
};

describe("route table", () => {
  for (const [name, { routes, ask, expected }] of Object.entries(cases)) {
    it(name, () => expect(table(routes).find(head(ask))?.rule.backendRefs?.[0]?.name).toBe(expected));
  }
});
