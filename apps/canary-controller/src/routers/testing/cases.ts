// Every router's case for the contract: where its objects are, what it cannot do, and how people interfere.
import { type KubeObject, type Resource, resource, resources } from "@burgee/kube";
import type { ProviderName } from "../index.ts";
import { destinationRules, virtualServices } from "../istio/objects.ts";
import { type ShapeName, shapes } from "./shapes.ts";

/** What the contract has to know about a router. */
export interface RouterCase {
  /** Kinds that it writes, all in the Canary's namespace. */
  kinds: readonly Resource<KubeObject & { spec: object }>[];
  /** Shapes that it does not have, and why. */
  without: Partial<Record<ShapeName, string>>;
  /** Merge patches by `plural/name` that break what the router owns. */
  damage: Readonly<Record<string, object>>;
  /** Merge patches by `plural/name` of what is not the router's business. */
  extras: Readonly<Record<string, object>>;
  /** Objects that a user made before the Canary came; they are given back at its end if the router says so. */
  found: { objects: readonly (KubeObject & { spec: object })[]; givenBack: boolean };
}

const httpRoute = (version: "v1" | "v1beta1"): RouterCase => {
  const meta = { name: "app", namespace: "test", labels: { mine: "yes" }, annotations: { note: "mine" } };
  const rules = [{ backendRefs: [{ name: "app", port: 80 }] }];
  return {
    kinds: [
      version === "v1"
        ? resources.httpRoutes
        : resource("gateway.networking.k8s.io", "v1beta1", "httproutes", "HTTPRoute"),
    ],
    without: {
      delegate: "routes of the Gateway API are not delegated",
      connections: "an HTTPRoute knows requests only",
    },
    damage: { "httproutes/app": { spec: { hostnames: ["elsewhere.example.com"] }, metadata: { labels: { x: "y" } } } },
    extras: { "httproutes/app": { metadata: { annotations: { "example.com/by": "another controller" } } } },
    found: {
      objects: [
        {
          apiVersion: `gateway.networking.k8s.io/${version}`,
          kind: "HTTPRoute",
          metadata: meta,
          spec: { parentRefs: [{ name: "gateway" }], hostnames: ["mine.example.com"], rules },
        },
      ],
      givenBack: false,
    },
  };
};

export const cases: Readonly<Record<ProviderName, RouterCase>> = {
  "gatewayapi:v1": httpRoute("v1"),
  "gatewayapi:v1beta1": httpRoute("v1beta1"),
  istio: {
    kinds: [destinationRules, virtualServices],
    without: {},
    damage: {
      "virtualservices/app": {
        spec: { hosts: ["elsewhere.example.com"], http: [{ route: [{ destination: { host: "elsewhere" } }] }] },
        metadata: { labels: { x: "y" }, annotations: { x: "y" } },
      },
      "destinationrules/app-primary": { spec: { host: "elsewhere" } },
      "destinationrules/app-canary": { spec: { trafficPolicy: { tls: { mode: "DISABLE" } } } },
    },
    extras: {
      "virtualservices/app": {
        spec: { exportTo: ["."] },
        metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } },
      },
      "destinationrules/app-primary": { spec: { subsets: [{ name: "v1", labels: { version: "v1" } }] } },
    },
    found: {
      objects: [
        {
          apiVersion: "networking.istio.io/v1beta1",
          kind: "VirtualService",
          metadata: { name: "app", namespace: "test", labels: { mine: "yes" }, annotations: { note: "mine" } },
          spec: { hosts: ["mine.example.com"], exportTo: ["*"], http: [{ route: [{ destination: { host: "app" } }] }] },
        },
        {
          apiVersion: "networking.istio.io/v1beta1",
          kind: "DestinationRule",
          metadata: { name: "app-canary", namespace: "test" },
          spec: { host: "app-canary.test.svc.cluster.local", exportTo: ["."] },
        },
      ],
      givenBack: true,
    },
  },
  kubernetes: {
    kinds: [],
    without: Object.fromEntries(
      Object.keys(shapes).map((shape) => [shape, "Services select pods; they do not split traffic"]),
    ),
    damage: {},
    extras: {},
    found: { objects: [], givenBack: false },
  },
};
