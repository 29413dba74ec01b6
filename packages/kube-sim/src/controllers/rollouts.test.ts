import { describe, expect, it } from "vitest";
import { at, objectAt, objectsAt } from "../api/json.ts";
import { mergePatchType } from "../testing/api.ts";
import { app, appsIn, deployments, service, waiting } from "../testing/apps.ts";
import { simulated } from "../testing/suite.ts";

const { sim, api } = await simulated({ kubelet: { drainMs: 150 } });
const { available, podsOf, viaProxy } = appsIn({ sim, api });

describe("a rolling update", () => {
  it("loses no request, keeps enough pods available and ends on the new version", async () => {
    await sim.apply(app("roll", { replicas: 3 }), service("roll"));
    await expect.poll(() => available("roll"), waiting).toBe(3);
    const answers: { status: number; body: string }[] = [];
    let going = true;
    const load = (async () => {
      while (going) answers.push(await viaProxy("http://roll/"));
    })();
    await sim.apply(app("roll", { replicas: 3, version: "2" }));
    const done = async () => {
      const { metadata, status } = await api.call("GET", `${deployments}/roll`);
      const seen = at(status, "observedGeneration") === at(metadata, "generation");
      return [seen, at(status, "updatedReplicas"), at(status, "replicas"), at(status, "availableReplicas")];
    };
    await expect.poll(done, waiting).toEqual([true, 3, 3, 3]);
    await expect.poll(async () => (await podsOf("roll")).length, waiting).toBe(3);
    going = false;
    await load;
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(JSON.parse(answers.at(-1)?.body ?? "{}")).toMatchObject({ version: "2" });
    expect(answers.length).toBeGreaterThan(20);
  });

  it("is reported as stuck after its deadline when new pods never get ready", async () => {
    const stuck = app("stuck");
    const template = {
      metadata: { labels: { app: "stuck" }, annotations: { "sim.burgee.dev/never-ready": "true" } },
      spec: { containers: [{ name: "app", image: "stuck:1" }] },
    };
    await sim.apply({ ...stuck, spec: { ...stuck.spec, progressDeadlineSeconds: 1, template } });
    const progressing = async () => {
      const found = objectsAt(await api.call("GET", `${deployments}/stuck`), "status", "conditions");
      return found.find(({ type }) => type === "Progressing");
    };
    await expect.poll(progressing, waiting).toMatchObject({ status: "False", reason: "ProgressDeadlineExceeded" });
  });

  it("does nothing while paused", async () => {
    await sim.apply(app("held"));
    await expect.poll(() => available("held"), waiting).toBe(1);
    await api.call("PATCH", `${deployments}/held`, { spec: { paused: true } }, mergePatchType);
    const image = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "held:2" }];
    await api.call("PATCH", `${deployments}/held`, image, "application/json-patch+json");
    const seen = async () => at(await api.call("GET", `${deployments}/held`), "status", "observedGeneration");
    await expect.poll(seen, waiting).toBe(3);
    expect(objectAt(await api.call("GET", `${deployments}/held`), "status")).toMatchObject({
      replicas: 1,
      readyReplicas: 1,
    });
    const sets = await api.call("GET", "/apis/apps/v1/namespaces/default/replicasets");
    expect(
      objectsAt(sets, "items").filter((set) => String(at(set, "metadata", "name")).startsWith("held-")),
    ).toHaveLength(1);
  });
});

describe("a DaemonSet", () => {
  const daemon = (image: string) => {
    const { spec } = app("agent");
    const { replicas: _replicas, ...rest } = spec;
    const containers = [{ name: "app", image }];
    const template = { metadata: { labels: { app: "agent" } }, spec: { containers } };
    return { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent" }, spec: { ...rest, template } };
  };
  const status = async () =>
    objectAt(await api.call("GET", "/apis/apps/v1/namespaces/default/daemonsets/agent"), "status");

  it("runs a pod on every node and replaces it when the template changes", async () => {
    await sim.apply(daemon("agent:1"));
    await expect
      .poll(status, waiting)
      .toMatchObject({ desiredNumberScheduled: 1, numberAvailable: 1, updatedNumberScheduled: 1 });
    const [before] = await podsOf("agent");
    await sim.apply(daemon("agent:2"));
    await expect
      .poll(status, waiting)
      .toMatchObject({ observedGeneration: 2, numberAvailable: 1, updatedNumberScheduled: 1 });
    const [after] = await podsOf("agent");
    expect(at(after, "metadata", "name")).not.toBe(at(before, "metadata", "name"));
    expect(at(after, "spec", "containers", 0, "image")).toBe("agent:2");
  });
});

describe("deletion", () => {
  it("takes a Deployment's ReplicaSets, pods and processes with it", async () => {
    await sim.apply(app("gone", { replicas: 2 }));
    await expect.poll(() => available("gone"), waiting).toBe(2);
    await api.call("DELETE", `${deployments}/gone`);
    await expect.poll(async () => (await podsOf("gone")).length, waiting).toBe(0);
  });

  it("orphans the dependents on request", async () => {
    await sim.apply(app("orphaned"));
    await expect.poll(() => available("orphaned"), waiting).toBe(1);
    await api.call("DELETE", `${deployments}/orphaned`, { propagationPolicy: "Orphan" });
    const owners = async () => {
      const sets = objectsAt(await api.call("GET", "/apis/apps/v1/namespaces/default/replicasets"), "items");
      const set = sets.find((entry) => String(at(entry, "metadata", "name")).startsWith("orphaned-"));
      return [set !== undefined, objectsAt(set, "metadata", "ownerReferences").length];
    };
    await expect.poll(owners, waiting).toEqual([true, 0]);
    expect(await api.refusal("GET", `${deployments}/orphaned`)).toMatchObject({ code: 404 });
  });

  it("in the foreground keeps the owner until the dependents are gone", async () => {
    await sim.apply(app("front"));
    await expect.poll(() => available("front"), waiting).toBe(1);
    const marked = await api.call("DELETE", `${deployments}/front`, { propagationPolicy: "Foreground" });
    expect(objectAt(marked, "metadata")).toMatchObject({ finalizers: ["foregroundDeletion"] });
    await expect.poll(async () => (await fetch(`${sim.url}${deployments}/front`)).status, waiting).toBe(404);
    expect(await podsOf("front")).toHaveLength(0);
  });

  it("of a namespace takes everything in it", async () => {
    await api.call("POST", "/api/v1/namespaces", { metadata: { name: "brief" } });
    await api.call("POST", "/api/v1/namespaces/brief/configmaps", { metadata: { name: "x" } });
    const marked = await api.call("DELETE", "/api/v1/namespaces/brief");
    expect(at(marked, "status", "phase")).toBe("Terminating");
    await expect.poll(async () => (await fetch(`${sim.url}/api/v1/namespaces/brief`)).status, waiting).toBe(404);
    expect(
      objectsAt(await api.call("GET", "/api/v1/configmaps"), "items").map((map) => at(map, "metadata", "namespace")),
    ).not.toContain("brief");
  });
});
