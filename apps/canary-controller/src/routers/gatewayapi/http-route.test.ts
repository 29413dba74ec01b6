import type { CanaryAnalysis, CanaryService } from "@burgee/contracts/crd";
import { describe, expect, test } from "vitest";
import { canaryOf } from "../../testing/objects.ts";
import type { Cookies, Split } from "../router.ts";
import { newRoute, routeSpec } from "./http-route.ts";
import { notAccepted, sameRouteSpec, splitOf } from "./read-route.ts";

const v1 = { version: "v1", full: true } as const;
const v1beta1 = { version: "v1beta1", full: false } as const;
const split = (primary: number, canary: number, o: Partial<Split> = {}): Split => ({
  primary,
  canary,
  mirror: false,
  ...o,
});
const input = (service: Partial<CanaryService> = {}, analysis: CanaryAnalysis = {}, cookies: Cookies = {}) => ({
  canary: canaryOf({ service: { port: 80, gatewayRefs: [{ name: "gateway" }], ...service } }, analysis),
  label: { key: "app", value: "app" },
  cookies,
  intervalMs: 60_000,
});
const backends = (primary: number, canary: number) => [
  { group: "", kind: "Service", name: "app-primary", port: 80, weight: primary },
  { group: "", kind: "Service", name: "app-canary", port: 80, weight: canary },
];
const everything = [{ path: { type: "PathPrefix", value: "/" } }];

describe("the HTTPRoute", () => {
  test("sends by weight, to the parents and hosts of the spec", () => {
    const route = newRoute(
      input({ hosts: ["www.example.com"], timeout: "10s", backendTimeout: "5s" }),
      split(90, 10),
      v1,
    );
    expect(route.metadata).toMatchObject({ name: "app", namespace: "test", labels: {} });
    expect(route.spec).toEqual({
      parentRefs: [{ name: "gateway" }],
      hostnames: ["www.example.com"],
      rules: [
        { matches: everything, timeouts: { request: "10s", backendRequest: "5s" }, backendRefs: backends(90, 10) },
      ],
    });
  });

  test("of v1beta1 has no timeouts and no CORS", () => {
    const service = { timeout: "10s", corsPolicy: { allowOrigin: ["*"] } };
    expect(routeSpec(input(service), split(100, 0), v1beta1).rules).toEqual([
      { matches: everything, backendRefs: backends(100, 0) },
    ]);
  });

  test("carries the selector label when service.apex is given, as upstream's does", () => {
    expect(newRoute(input({ apex: { annotations: { a: "b" } } }), split(100, 0), v1).metadata).toMatchObject({
      labels: { app: "app" },
      annotations: { a: "b" },
    });
  });

  test("of an A/B test sends the matching requests to the canary and everybody else to the primary", () => {
    const match = [{ headers: { "user-agent": { regex: ".*Chrome.*" }, "x-beta": { exact: "true" } } }];
    const service = { match: [{ uri: { prefix: "/shop" } }] };
    expect(routeSpec(input(service, { match, iterations: 3 }), split(0, 100), v1).rules).toEqual([
      {
        matches: [
          {
            path: { type: "PathPrefix", value: "/shop" },
            headers: [
              { type: "RegularExpression", name: "user-agent", value: ".*Chrome.*" },
              { type: "Exact", name: "x-beta", value: "true" },
            ],
          },
        ],
        backendRefs: backends(0, 100),
      },
      { matches: [{ path: { type: "PathPrefix", value: "/shop" } }], backendRefs: [backends(100, 0)[0]] },
    ]);
  });

  test("refuses a match that it cannot say instead of sending everybody to the canary", () => {
    const match = [{ headers: { "x-user": { prefix: "test-" } } }];
    expect(() => routeSpec(input({}, { match }), split(0, 100), v1)).toThrow(
      'spec.analysis.match[0].headers.x-user is {"prefix":"test-"}, expected exact or regex (Gateway API)',
    );
  });

  test("mirrors to the canary, in part when a weight is given", () => {
    const mirror = (mirrorWeight: number | undefined) =>
      routeSpec(input(), split(100, 0, { mirror: true, mirrorWeight }), v1).rules?.[0]?.filters?.[0]?.requestMirror;
    const backendRef = { group: "", kind: "Service", name: "app-canary", port: 80 };
    expect(mirror(undefined)).toEqual({ backendRef });
    expect(mirror(100)).toEqual({ backendRef });
    expect(mirror(10)).toEqual({ backendRef, percent: 10 });
  });

  test("has the filters in upstream's order", () => {
    const service: Partial<CanaryService> = {
      headers: { request: { add: { b: "2", a: "1" } }, response: { remove: ["x"] } },
      rewrite: { uri: "/new", type: "ReplacePrefixMatch" },
      mirror: [{ backendRef: { name: "audit", port: 90 } }],
      corsPolicy: { allowOrigin: ["https://a"], maxAge: "24h", allowCredentials: true },
    };
    expect(routeSpec(input(service), split(100, 0), v1).rules?.[0]?.filters).toEqual([
      {
        type: "RequestHeaderModifier",
        requestHeaderModifier: {
          add: [
            { name: "a", value: "1" },
            { name: "b", value: "2" },
          ],
        },
      },
      { type: "ResponseHeaderModifier", responseHeaderModifier: { remove: ["x"] } },
      { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/new" } } },
      { type: "RequestMirror", requestMirror: { backendRef: { group: "", kind: "Service", name: "audit", port: 90 } } },
      { type: "CORS", cors: { allowOrigins: ["https://a"], allowCredentials: true, maxAge: 86400 } },
    ]);
  });

  test("with session affinity keeps users of the canary there and hands out the cookie", () => {
    const sessionAffinity = { cookieName: "flagger-cookie", maxAge: 3600, secure: true };
    const rules = routeSpec(
      input({}, { sessionAffinity }, { sessionAffinityCookie: "flagger-cookie=abc" }),
      split(90, 10),
      v1,
    ).rules;
    expect(rules?.map((rule) => rule.backendRefs?.map((b) => b.weight))).toEqual([
      [0, 100],
      [90, 10],
    ]);
    expect(rules?.[0]?.matches).toEqual([
      { headers: [{ type: "RegularExpression", name: "Cookie", value: ".*flagger-cookie.*abc.*" }] },
    ]);
    expect(rules?.[1]?.backendRefs?.[1]?.filters).toEqual([
      {
        type: "ResponseHeaderModifier",
        responseHeaderModifier: { add: [{ name: "Set-Cookie", value: "flagger-cookie=abc; Max-Age=3600; Secure" }] },
      },
    ]);
  });

  test("makes browsers forget the cookie once the canary has no traffic", () => {
    const sessionAffinity = { cookieName: "c" };
    const rules = routeSpec(
      input({}, { sessionAffinity }, { previousSessionAffinityCookie: "c=abc" }),
      split(100, 0),
      v1,
    ).rules;
    expect(rules).toHaveLength(2);
    expect(rules?.[0]?.filters?.[0]?.responseHeaderModifier?.add).toEqual([
      { name: "Set-Cookie", value: "c=abc; Max-Age=-1" },
    ]);
  });
});

describe("a live HTTPRoute", () => {
  const names = { primary: "app-primary", canary: "app-canary" };

  test.each([
    ["weighted", input(), split(70, 30)],
    ["A/B", input({}, { match: [{ headers: { a: { exact: "b" } } }] }), split(0, 100)],
    ["mirrored in part", input(), split(100, 0, { mirror: true, mirrorWeight: 25 })],
    [
      "with session affinity",
      input({}, { sessionAffinity: { cookieName: "c" } }, { sessionAffinityCookie: "c=a" }),
      split(60, 40),
    ],
  ])("that is %s reads back as what was set", (_title, of, wanted) => {
    expect(splitOf(newRoute(of, wanted, v1), names)).toEqual(wanted);
  });

  test("does not differ by what the API server fills in", () => {
    const written = routeSpec(input({ corsPolicy: { allowOrigin: ["*"] } }), split(100, 0), v1);
    const stored = structuredClone(written);
    stored.parentRefs = [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gateway" }];
    const cors = stored.rules?.[0]?.filters?.find((filter) => filter.type === "CORS")?.cors;
    if (cors !== undefined) cors.maxAge = 5;
    expect(sameRouteSpec(stored, written)).toBe(true);
    expect(sameRouteSpec({ ...stored, hostnames: ["x"] }, written)).toBe(false);
  });

  const parent = (status: string, observedGeneration: number) => ({
    parents: [
      {
        parentRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: "gateway" },
        controllerName: "x",
        conditions: [{ type: "Accepted", status, reason: "NoMatchingParent", observedGeneration }],
      },
    ],
  });
  test.each([
    ["accepted", parent("True", 2), undefined],
    [
      "refused",
      parent("False", 2),
      "HTTPRoute app.test parent gateway is not ready (status: False, observed generation: 2, current generation: 2)",
    ],
    [
      "not seen in its latest form",
      parent("True", 1),
      "HTTPRoute app.test parent gateway is not ready (status: True, observed generation: 1, current generation: 2)",
    ],
    ["not reported on", { parents: [] }, undefined],
  ])("that is %s", (_title, status, message) => {
    const route = newRoute(input(), split(100, 0), v1);
    expect(notAccepted({ ...route, metadata: { ...route.metadata, generation: 2 }, status })?.message).toBe(message);
  });
});
