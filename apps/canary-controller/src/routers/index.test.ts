// A router that is in this folder is listed, documented and held to the contract.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { describe, expect, test } from "vitest";
import { canaryOf } from "../testing/objects.ts";
import { type ProviderName, providerNames, routerFor, routers } from "./index.ts";
import { cases } from "./testing/cases.ts";
import { shapes } from "./testing/shapes.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string) => readFileSync(at(path), "utf8");
/** What is not a router. */
const others = ["index.ts", "router.ts"];
const files = readdirSync(at(".")).filter((file) => /^[^.]+\.ts$/.test(file) && !others.includes(file));
const names = Object.keys(cases).filter((name): name is ProviderName => name in routers);

test.each(files)("%s has routers, and every one of them is listed", async (file) => {
  const exported: unknown[] = Object.values(await import(at(file)));
  expect(exported.length).toBeGreaterThan(0);
  const listed: unknown[] = Object.values(routers);
  for (const router of exported) expect(listed).toContain(router);
});

describe.each(providerNames)("%s", (name) => {
  test("is in the reference, in the list of the README and in the contract", () => {
    expect(read("../../../../docs/reference/routers.md")).toMatch(new RegExp(`^\\| \`${name}\` \\|`, "m"));
    expect(read("../../README.md")).toContain(`\`${name}\``);
    if (name in routers) expect(Object.keys(cases)).toContain(name);
  });
});

test.each(names)("the objects of %s are there for every shape that it has, and for no other", (name) => {
  const { without, kinds } = cases[name];
  const expected = Object.keys(shapes).filter((shape) => !(shape in without));
  const folder = at(`../../testdata/routers/${name.replace(":", "-")}`);
  const found = kinds.length === 0 ? [] : readdirSync(folder).map((file) => file.replace(/\.yaml$/, ""));
  expect(found.sort()).toEqual(kinds.length === 0 ? [] : [...expected, "takeover"].sort());
});

test.each([
  ["gatewayapi:v1", "gatewayapi:v1"],
  ["gatewayapi:v1.0.0", "gatewayapi:v1"],
  ["gatewayapi:v1alpha2", "gatewayapi:v1"],
  ["gatewayapi:v1beta1", "gatewayapi:v1beta1"],
  ["gatewayapi:v1beta1.0", "gatewayapi:v1beta1"],
  ["istio", "istio"],
  ["kubernetes", "kubernetes"],
] as const)("provider %s is routed by %s", (provider, name) => {
  expect(routerFor(provider)).toBe(routers[name]);
});

test.each(["gatewayapi", "istio:v1", "Istio", "kubernetes:v1", "toString", "consul", ""])(
  'provider "%s" is none',
  (provider) => {
    expect(routerFor(provider)).toBeUndefined();
  },
);

const header = [{ headers: { "x-user": { prefix: "test-" } } }];
const hosts = ["app.example.com"];
const refusals: Record<string, { provider: ProviderName; canary: Canary; path: string }> = {
  "an HTTPRoute without a parent": {
    provider: "gatewayapi:v1",
    canary: canaryOf({ service: { port: 80 } }),
    path: "spec.service.gatewayRefs",
  },
  "a match of the analysis that an HTTPRoute cannot say": {
    provider: "gatewayapi:v1beta1",
    canary: canaryOf({}, { match: header }),
    path: "spec.analysis.match[0].headers.x-user",
  },
  "a match of the service that an HTTPRoute cannot say": {
    provider: "gatewayapi:v1",
    canary: canaryOf({ service: { port: 80, gatewayRefs: [{ name: "gateway" }], match: header } }),
    path: "spec.service.match[0].headers.x-user",
  },
  "hosts of a delegate": {
    provider: "istio",
    canary: canaryOf({ service: { port: 80, delegation: true, hosts } }),
    path: "spec.service.hosts",
  },
  "gateways of a delegate": {
    provider: "istio",
    canary: canaryOf({ service: { port: 80, delegation: true, gateways: ["mesh"] } }),
    path: "spec.service.gateways",
  },
  "headers of connections": {
    provider: "istio",
    canary: canaryOf({ service: { port: 80, appProtocol: "tcp" } }, { match: header }),
    path: "spec.analysis.match",
  },
  "copies of connections": {
    provider: "istio",
    canary: canaryOf({ service: { port: 80, appProtocol: "tcp" } }, { mirror: true }),
    path: "spec.analysis.mirror",
  },
};
test.each(Object.entries(refusals))("refuses %s", (_title, { provider, canary, path }) => {
  expect(routers[provider].check(canary).map((problem) => problem.path)).toEqual([path]);
});
