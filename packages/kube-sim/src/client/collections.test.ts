import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type LocalCluster, startLocalCluster } from "../local-cluster.ts";
import { silentLog } from "../log.ts";
import { collectionsOf } from "./collections.ts";
import { paths } from "./paths.ts";
import { bare, simulated } from "../testing/suite.ts";

const mine = ["one", "two"];

describe("who keeps to two namespaces follows", () => {
  const cases: Record<string, { kind: keyof typeof paths; urls: string[] }> = {
    "namespaced kinds in each of them": {
      kind: "pods",
      urls: ["/api/v1/namespaces/one/pods", "/api/v1/namespaces/two/pods"],
    },
    "these namespaces only": {
      kind: "namespaces",
      urls: [
        "/api/v1/namespaces&fieldSelector=metadata.name%3Done",
        "/api/v1/namespaces&fieldSelector=metadata.name%3Dtwo",
      ],
    },
    "all custom resource definitions": {
      kind: "definitions",
      urls: ["/apis/apiextensions.k8s.io/v1/customresourcedefinitions"],
    },
    "nothing else of the cluster": { kind: "nodes", urls: [] },
  };
  it.each(Object.entries(cases))("%s", (_sentence, { kind, urls }) => {
    expect(collectionsOf(paths[kind], mine).map(({ path, query }) => path + query)).toEqual(urls);
  });

  it("everything when it keeps to none", () => {
    expect(collectionsOf(paths.pods, undefined)).toMatchObject([{ path: "/api/v1/pods", query: "" }]);
  });
});

const { sim, api } = await simulated(bare);

describe("a local cluster that keeps to a namespace", () => {
  let local: LocalCluster;
  beforeAll(async () => {
    for (const name of ["mine", "yours"]) {
      await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    local = await startLocalCluster(sim.url, { log: silentLog, namespaces: ["mine"], gateway: false });
  });
  afterAll(() => local.stop());

  const web = (namespace: string) => [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" }, annotations: { "sim.burgee.dev/command": '["sleep", "60"]' } },
          spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }] },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
  ];
  const addresses = async (namespace: string) => {
    const { items } = await api.call("GET", `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`);
    return JSON.stringify(items).match(/"addresses":\["[^"]+"\]/g);
  };

  it("runs what is in it, at an address that any API takes, and leaves the rest alone", async () => {
    await local.apply(...web("yours"), ...web("mine"));
    await vi.waitFor(async () => expect(await addresses("mine")).toEqual(['"addresses":["192.0.2.1"]']), 5_000);
    expect(await addresses("yours")).toBeNull();
    expect(await api.call("GET", "/apis/apps/v1/namespaces/yours/replicasets")).toMatchObject({ items: [] });
    expect(await api.call("GET", "/api/v1/namespaces/yours/serviceaccounts")).toMatchObject({ items: [] });
  });
});
