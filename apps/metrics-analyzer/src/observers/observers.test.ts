import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderQuery } from "../render-query.ts";
import { observerFor, observerForTarget } from "./index.ts";
import { durationTemplate, type Observer, requestRateTemplate, successRateTemplate } from "./observer.ts";

const model = {
  name: "podinfo",
  namespace: "shop-eu",
  target: "podinfo-app",
  service: "podinfo-svc",
  ingress: "podinfo-ing",
  route: "podinfo-route",
  interval: "1m",
  variables: {},
};

function rendered(template: string, observer: Observer): unknown {
  return renderQuery(template, observer.encode?.(model) ?? model);
}

/** A mesh provider for each observer file. */
const meshProviders: Record<string, string> = {
  apisix: "apisix",
  appmesh: "appmesh:v1beta2",
  contour: "contour",
  gloo: "gloo",
  http: "gatewayapi:v1",
  istio: "istio",
  knative: "knative",
  kuma: "kuma",
  linkerd: "linkerd",
  nginx: "nginx",
  osm: "osm",
  skipper: "skipper",
  traefik: "traefik",
};

/** Flagger's own query templates, rendered by Go for the model above. */
const golden: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "testdata/flagger-queries.json"), "utf8"),
);

describe("built-in queries", () => {
  it("covers every observer file", () => {
    const files = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith(".ts") && !["index.ts", "observer.ts", "observers.test.ts"].includes(file))
      .map((file) => file.replace(".ts", ""));
    expect(files.sort()).toEqual(Object.keys(meshProviders).sort());
  });

  for (const [name, meshProvider] of Object.entries(meshProviders)) {
    const observer = observerFor(meshProvider);
    it(`asks ${meshProvider} for the success rate as Flagger does`, () => {
      expect(rendered(successRateTemplate(observer), observer)).toEqual({
        query: golden[name]?.["request-success-rate"],
      });
    });
    it(`asks ${meshProvider} for the duration as Flagger does`, () => {
      expect(rendered(durationTemplate(observer), observer)).toEqual({ query: golden[name]?.["request-duration"] });
    });
    it(`asks ${meshProvider} for all requests by the second half of its success rate`, () => {
      const rate = rendered(requestRateTemplate(observer), observer);
      expect(rate).toHaveProperty("query");
      const query = typeof rate === "object" && rate !== null && "query" in rate ? String(rate.query).trim() : "";
      expect(golden[name]?.["request-success-rate"]).toContain(`/ ${query} * 100`);
    });
  }
});

describe("observerFor", () => {
  const same: Record<string, [string, string]> = {
    "kubernetes like gatewayapi": ["kubernetes", "gatewayapi:v1beta1"],
    "a target of kind Service like any other": ["kubernetes:service", "kubernetes"],
    "smi through Istio": ["smi:v1alpha2", "istio"],
    "crossover through Istio": ["smi:crossover", "istio"],
    "a provider without metrics of its own through Istio": ["consul", "istio"],
    "a name of the object prototype through Istio": ["toString", "istio"],
  };
  for (const [name, [one, other]] of Object.entries(same)) {
    it(`watches ${name}`, () => expect(observerFor(one)).toBe(observerFor(other)));
  }

  it("selects the canary's pods, not the primary's, for a DaemonSet", () => {
    const observer = observerForTarget("kubernetes", "DaemonSet");
    const pattern = /kubernetes_pod_name=~"([^"]*)"/.exec(observer.total)?.[1]?.replace("{{ target }}", "app") ?? "";
    const selects = (pod: string): boolean => new RegExp(`^(?:${pattern})$`).test(pod);
    expect([selects("app-x7k2p"), selects("app-primary-x7k2p")]).toEqual([true, false]);
  });

  it("selects the canary's pods, not the primary's, for a Deployment", () => {
    const observer = observerForTarget("kubernetes", "Deployment");
    const pattern = /kubernetes_pod_name=~"([^"]*)"/.exec(observer.total)?.[1]?.replace("{{ target }}", "app") ?? "";
    const selects = (pod: string): boolean => new RegExp(`^(?:${pattern})$`).test(pod);
    expect([selects("app-6f9c-x7k2p"), selects("app-primary-6f9c-x7k2p")]).toEqual([true, false]);
  });
});
