// What canaries ask of routers: every capability once.
import type { CanaryAnalysis, CanaryService } from "@burgee/contracts/crd";
import type { Split } from "../router.ts";

/** A way to split traffic, and the splits of a run. */
export interface Shape {
  service?: Partial<CanaryService>;
  analysis?: CanaryAnalysis;
  splits: readonly Split[];
}

const split = (primary: number, canary: number, o: Partial<Split> = {}): Split => ({
  primary,
  canary,
  mirror: false,
  ...o,
});

export const shapes = {
  weighted: { splits: [split(90, 10), split(0, 100), split(100, 0)] },
  settings: {
    service: {
      hosts: ["app.example.com"],
      gateways: ["istio-system/public-gateway"],
      gatewayRefs: [{ name: "public", namespace: "gateways", sectionName: "https", port: 443 }],
      portDiscovery: true,
      match: [
        { uri: { prefix: "/shop" }, headers: { "x-tenant": { exact: "blue" } } },
        { uri: { regex: "/v[0-9]+/.*" }, method: { exact: "GET" }, queryParams: { beta: { exact: "1" } } },
      ],
      rewrite: { uri: "/", authority: "shop.internal", type: "ReplacePrefixMatch" },
      timeout: "10s",
      backendTimeout: "5s",
      retries: { attempts: 3, perTryTimeout: "1s", retryOn: "gateway-error,connect-failure" },
      headers: {
        request: { add: { "x-b": "2", "x-a": "1" }, remove: ["x-debug"] },
        response: { set: { "x-served-by": "burgee" } },
      },
      corsPolicy: {
        allowOrigin: ["https://example.com"],
        allowMethods: ["GET"],
        allowCredentials: true,
        maxAge: "24h",
      },
      trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } },
      apex: { labels: { team: "shop" }, annotations: { owner: "shop@example.com" } },
    },
    splits: [split(80, 20)],
  },
  "a-b": {
    service: { match: [{ uri: { prefix: "/shop" } }] },
    analysis: {
      iterations: 5,
      match: [
        { headers: { "x-canary": { exact: "insider" } } },
        { headers: { cookie: { regex: "^(.*?;)?(canary=always)(;.*)?$" } } },
      ],
    },
    splits: [split(0, 100), split(100, 0)],
  },
  "a-b-with-session-affinity": {
    service: { match: [{ uri: { prefix: "/shop" } }] },
    analysis: {
      iterations: 5,
      match: [{ headers: { "x-canary": { exact: "insider" } } }],
      sessionAffinity: { cookieName: "release", primaryCookieName: "stable" },
    },
    splits: [split(0, 100), split(100, 0)],
  },
  mirror: {
    analysis: { mirror: true, mirrorWeight: 20 },
    splits: [split(100, 0, { mirror: true, mirrorWeight: 20 }), split(100, 0, { mirror: true }), split(90, 10)],
  },
  "session-affinity": {
    service: { match: [{ uri: { prefix: "/shop" } }], headers: { response: { add: { "x-served-by": "burgee" } } } },
    analysis: { sessionAffinity: { cookieName: "release", maxAge: 3600, httpOnly: true, secure: true } },
    splits: [split(90, 10), split(50, 50), split(100, 0)],
  },
  "session-affinity-of-both": {
    analysis: { sessionAffinity: { cookieName: "release", primaryCookieName: "stable" } },
    splits: [split(90, 10), split(100, 0)],
  },
  delegate: {
    service: { delegation: true, portDiscovery: true },
    splits: [split(90, 10)],
  },
  connections: {
    service: { appProtocol: "TCP", match: [{ port: 5432 }] },
    splits: [split(90, 10)],
  },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof shapes;
