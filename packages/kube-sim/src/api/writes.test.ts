import { describe, expect, it } from "vitest";
import { mergePatchType } from "../testing/api.ts";
import { at, objectAt } from "./json.ts";
import { configMap, deployment, deployments, fresh, maps } from "../testing/objects.ts";
import { simulated } from "../testing/suite.ts";

const { api } = await simulated();

describe("create", () => {
  it("fills in uid, time, version and the defaults of the kind", async () => {
    const name = fresh();
    const made = await api.call("POST", deployments, deployment(name));
    expect(made).toMatchObject({
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: { name, namespace: "default", generation: 1, uid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      spec: { replicas: 1, strategy: { type: "RollingUpdate" }, progressDeadlineSeconds: 600 },
    });
    expect(at(made, "spec", "template", "spec", "containers", 0)).toMatchObject({
      imagePullPolicy: "IfNotPresent",
      ports: [{ containerPort: 80, protocol: "TCP" }],
    });
  });

  it("makes a name of five letters behind generateName", async () => {
    const made = await api.call("POST", maps, { metadata: { generateName: "pre-" } });
    expect(at(made, "metadata", "name")).toMatch(/^pre-[a-z0-9]{5}$/);
  });

  it("keeps nothing of a dry run", async () => {
    const name = fresh();
    await api.call("POST", `${maps}?dryRun=All`, configMap(name));
    expect(await api.refusal("GET", `${maps}/${name}`)).toMatchObject({ code: 404 });
  });

  const refusals: Record<string, { path?: string; body: object; status: object }> = {
    "refuses a name twice": {
      body: configMap("twice"),
      status: { code: 409, reason: "AlreadyExists", message: 'configmaps "twice" already exists' },
    },
    "refuses a namespace that does not exist": {
      path: "/api/v1/namespaces/nowhere/configmaps",
      body: configMap("x"),
      status: { code: 404, message: 'namespaces "nowhere" not found' },
    },
    "refuses a name that is no DNS name": {
      body: configMap("No_Name"),
      status: {
        code: 422,
        reason: "Invalid",
        details: { causes: [{ field: "metadata.name", reason: "FieldValueInvalid" }] },
      },
    },
    "refuses another kind": {
      body: { ...configMap("x"), apiVersion: "v1", kind: "Secret" },
      status: {
        code: 400,
        message: expect.stringContaining('Secret in version "v1" cannot be handled as a ConfigMap'),
      },
    },
    "refuses an object without a name": {
      body: { metadata: {} },
      status: { code: 422, message: expect.stringContaining("name or generateName is required") },
    },
    "refuses a selector that does not fit the template": {
      path: deployments,
      body: { ...deployment("x"), spec: { ...deployment("x").spec, selector: { matchLabels: { app: "y" } } } },
      status: {
        code: 422,
        message: expect.stringContaining("spec.template.metadata.labels: Invalid value"),
        details: { group: "apps", kind: "Deployment", name: "x" },
      },
    },
  };

  it.each(Object.entries(refusals))("%s", async (sentence, { path = maps, body, status }) => {
    if (sentence === "refuses a name twice") await api.call("POST", path, body);
    expect(await api.refusal("POST", path, body)).toMatchObject(status);
  });
});

describe("a typed kind", () => {
  it("takes null for nothing", async () => {
    const made = await api.call("POST", maps, {
      metadata: { name: fresh(), labels: null },
      data: { a: "1" },
      binaryData: null,
    });
    expect(made).not.toHaveProperty("binaryData");
  });

  it("refuses to lose the namespaces that must stay", async () => {
    expect(await api.refusal("DELETE", "/api/v1/namespaces/default")).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
  });

  it("gives a Service its cluster address and keeps it", async () => {
    const services = "/api/v1/namespaces/default/services";
    const made = await api.call("POST", services, {
      metadata: { name: "svc" },
      spec: { type: "NodePort", ports: [{ port: 80 }] },
    });
    expect(objectAt(made, "spec")).toMatchObject({
      clusterIP: expect.stringMatching(/^10\.96\./),
      ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: expect.any(Number) }],
    });
    const moved = { spec: { clusterIP: "10.96.0.99" } };
    expect(await api.refusal("PATCH", `${services}/svc`, moved, mergePatchType)).toMatchObject({
      code: 422,
      message: expect.stringContaining("may not change once set"),
    });
  });
});

describe("update", () => {
  it("refuses a stale version and takes the present one", async () => {
    const name = fresh();
    const made = await api.call("POST", maps, configMap(name));
    const next = await api.call("PUT", `${maps}/${name}`, { ...made, data: { a: "2" } });
    expect(Number(at(next, "metadata", "resourceVersion"))).toBeGreaterThan(
      Number(at(made, "metadata", "resourceVersion")),
    );
    expect(await api.refusal("PUT", `${maps}/${name}`, { ...made, data: { a: "3" } })).toMatchObject({
      code: 409,
      reason: "Conflict",
      message: expect.stringContaining("the object has been modified"),
    });
  });

  it("makes no new version when nothing changes", async () => {
    const name = fresh();
    const made = await api.call("POST", maps, configMap(name));
    const same = await api.call("PUT", `${maps}/${name}`, made);
    expect(at(same, "metadata", "resourceVersion")).toBe(at(made, "metadata", "resourceVersion"));
  });

  it("raises the generation with the spec and not with metadata or status", async () => {
    const name = fresh();
    await api.call("POST", deployments, deployment(name));
    const path = `${deployments}/${name}`;
    const labelled = await api.call("PATCH", path, { metadata: { labels: { a: "b" } } }, mergePatchType);
    expect(at(labelled, "metadata", "generation")).toBe(1);
    const status = await api.call("PATCH", `${path}/status`, { status: { replicas: 3 } }, mergePatchType);
    expect(at(status, "metadata", "generation")).toBe(1);
    const scaled = await api.call("PATCH", path, { spec: { replicas: 2 } }, mergePatchType);
    expect(at(scaled, "metadata", "generation")).toBe(2);
  });

  it("keeps status and spec apart", async () => {
    const name = fresh();
    await api.call("POST", deployments, deployment(name));
    const path = `${deployments}/${name}`;
    const main = await api.call("PATCH", path, { status: { replicas: 7 } }, mergePatchType);
    expect(at(main, "status", "replicas")).toBeUndefined();
    const status = await api.call(
      "PATCH",
      `${path}/status`,
      { spec: { replicas: 7 }, status: { replicas: 2 } },
      mergePatchType,
    );
    expect(at(status, "spec", "replicas")).toBe(1);
    expect(at(status, "status", "replicas")).toBe(2);
  });

  it("refuses to change a selector", async () => {
    const name = fresh();
    await api.call("POST", deployments, deployment(name));
    const patch = { spec: { selector: { matchLabels: { other: "x" } } } };
    expect(await api.refusal("PATCH", `${deployments}/${name}`, patch, mergePatchType)).toMatchObject({ code: 422 });
  });

  it("scales through the scale subresource", async () => {
    const name = fresh();
    await api.call("POST", deployments, deployment(name));
    const path = `${deployments}/${name}/scale`;
    expect(await api.call("GET", path)).toMatchObject({
      kind: "Scale",
      spec: { replicas: 1 },
      status: { selector: `app=${name}` },
    });
    expect(await api.call("PATCH", path, { spec: { replicas: 4 } }, mergePatchType)).toMatchObject({
      spec: { replicas: 4 },
    });
    expect(at(await api.call("GET", `${deployments}/${name}`), "spec", "replicas")).toBe(4);
  });
});
