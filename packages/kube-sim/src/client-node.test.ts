import { AppsV1Api, CoreV1Api, CustomObjectsApi, KubeConfig, makeInformer, Watch } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { simulated } from "./testing/suite.ts";

const waiting = { timeout: 10_000, interval: 20 };

const { sim } = await simulated();
const config = new KubeConfig();
config.loadFromString(sim.kubeconfig());

describe("@kubernetes/client-node", () => {
  it("creates, reads, patches and deletes", async () => {
    const api = config.makeApiClient(CoreV1Api);
    await api.createNamespacedConfigMap({ namespace: "default", body: { metadata: { name: "a" }, data: { x: "1" } } });
    const read = await api.readNamespacedConfigMap({ namespace: "default", name: "a" });
    expect(read.data).toEqual({ x: "1" });
    await api.replaceNamespacedConfigMap({ namespace: "default", name: "a", body: { ...read, data: { x: "2" } } });
    await expect(api.replaceNamespacedConfigMap({ namespace: "default", name: "a", body: read })).rejects.toMatchObject(
      { code: 409 },
    );
    await api.deleteNamespacedConfigMap({ namespace: "default", name: "a" });
    await expect(api.readNamespacedConfigMap({ namespace: "default", name: "a" })).rejects.toMatchObject({ code: 404 });
  });

  it("follows with an informer, also when its watches are dropped and its versions expire", async () => {
    const api = config.makeApiClient(AppsV1Api);
    const list = () => api.listNamespacedDeployment({ namespace: "default" });
    const informer = makeInformer(config, "/apis/apps/v1/namespaces/default/deployments", list);
    const seen = new Map<string, number>();
    for (const verb of ["add", "update"] as const) {
      informer.on(verb, (object) => seen.set(object.metadata?.name ?? "", object.status?.availableReplicas ?? 0));
    }
    informer.on("delete", (object) => seen.delete(object.metadata?.name ?? ""));
    informer.on("error", () => setTimeout(() => void informer.start(), 20));
    await informer.start();
    const deployment = (name: string) => ({
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "app", image: "app:1" }] } },
      },
    });
    await api.createNamespacedDeployment({ namespace: "default", body: deployment("one") });
    await expect.poll(() => seen.get("one"), waiting).toBe(1);
    sim.faults.closeWatches({ resource: "deployments" });
    await api.createNamespacedDeployment({ namespace: "default", body: deployment("two") });
    await expect.poll(() => seen.get("two"), waiting).toBe(1);
    sim.faults.expireResourceVersions();
    await api.deleteNamespacedDeployment({ namespace: "default", name: "one" });
    await expect.poll(() => [...seen.keys()], waiting).toEqual(["two"]);
    await informer.stop();
  });

  it("watches custom objects", async () => {
    const routes = config.makeApiClient(CustomObjectsApi);
    const events: string[] = [];
    const path = "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes";
    const controller = await new Watch(config).watch(
      path,
      {},
      (type) => events.push(type),
      () => undefined,
    );
    const target = { group: "gateway.networking.k8s.io", version: "v1", namespace: "default", plural: "httproutes" };
    const body = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata: { name: "r" }, spec: {} };
    await routes.createNamespacedCustomObject({ ...target, body });
    await routes.deleteNamespacedCustomObject({ ...target, name: "r" });
    await expect.poll(() => events, waiting).toEqual(["ADDED", "DELETED"]);
    controller.abort();
  });
});
