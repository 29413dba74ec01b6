import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubeSim, startKubeSim } from "../sim.ts";
import {
  applyPatchType,
  jsonPatchType,
  mergePatchType,
  strategicPatchType,
  type TestApi,
  testApi,
} from "../test-api.ts";
import { at, type JsonObject, objectAt, objectsAt } from "./json.ts";

let sim: KubeSim;
let api: TestApi;
let count = 0;

beforeAll(async () => {
  sim = await startKubeSim();
  api = testApi(sim.url);
});

afterAll(async () => {
  api.close();
  await sim.stop();
});

const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const fresh = () => `t${++count}`;

const configMap = (name: string, data: JsonObject = { a: "1" }) => ({ metadata: { name }, data });
const deployment = (name: string) => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "app:1", ports: [{ containerPort: 80 }] }] },
    },
  },
});

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
      status: { code: 400, message: expect.stringContaining("does not match the expected kind (ConfigMap)") },
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

interface PatchCase {
  type: string;
  patch: unknown;
  expected: object;
}

const patches: Record<string, PatchCase> = {
  "a merge patch merges objects and removes with null": {
    type: mergePatchType,
    patch: { metadata: { labels: { x: "y" } }, spec: { replicas: 5, revisionHistoryLimit: null } },
    expected: { metadata: { labels: { x: "y" } }, spec: { replicas: 5, revisionHistoryLimit: 10 } },
  },
  "a strategic patch merges containers by name": {
    type: strategicPatchType,
    patch: {
      spec: {
        template: {
          spec: {
            containers: [
              { name: "side", image: "side:1" },
              { name: "app", image: "app:2" },
            ],
          },
        },
      },
    },
    expected: {
      spec: {
        template: {
          spec: { containers: [{ name: "app", image: "app:2", ports: [{ containerPort: 80 }] }, { name: "side" }] },
        },
      },
    },
  },
  "a strategic patch deletes list items on request": {
    type: strategicPatchType,
    patch: {
      spec: {
        template: {
          spec: {
            containers: [{ name: "app", ports: [{ $patch: "delete", containerPort: 80 }, { containerPort: 81 }] }],
          },
        },
      },
    },
    expected: { spec: { template: { spec: { containers: [{ name: "app", ports: [{ containerPort: 81 }] }] } } } },
  },
  "a JSON patch tests and replaces": {
    type: jsonPatchType,
    patch: [
      { op: "test", path: "/spec/replicas", value: 1 },
      { op: "replace", path: "/spec/replicas", value: 6 },
      { op: "add", path: "/metadata/annotations", value: { "a/b": "c" } },
    ],
    expected: { spec: { replicas: 6 }, metadata: { annotations: { "a/b": "c" } } },
  },
};

describe("patch", () => {
  it.each(Object.entries(patches))("%s", async (_sentence, { type, patch, expected }) => {
    const name = fresh();
    await api.call("POST", deployments, deployment(name));
    expect(await api.call("PATCH", `${deployments}/${name}`, patch, type)).toMatchObject(expected);
  });

  it("refuses a JSON patch whose test fails", async () => {
    const name = fresh();
    await api.call("POST", maps, configMap(name));
    const patch = [{ op: "test", path: "/data/a", value: "other" }];
    expect(await api.refusal("PATCH", `${maps}/${name}`, patch, jsonPatchType)).toMatchObject({ code: 422 });
  });

  it("refuses a patch that carries a stale version", async () => {
    const name = fresh();
    await api.call("POST", maps, configMap(name));
    const patch = { metadata: { resourceVersion: "1" }, data: { a: "x" } };
    expect(await api.refusal("PATCH", `${maps}/${name}`, patch, mergePatchType)).toMatchObject({ code: 409 });
  });

  it("refuses a type of patch it does not know", async () => {
    const name = fresh();
    await api.call("POST", maps, configMap(name));
    expect(await api.refusal("PATCH", `${maps}/${name}`, {}, "application/x-patch")).toMatchObject({ code: 415 });
  });
});

const applied = (name: string, data: JsonObject) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
const apply = (name: string, data: JsonObject, query: string) =>
  api.call("PATCH", `${maps}/${name}?${query}`, applied(name, data), applyPatchType);

describe("server-side apply", () => {
  it("creates, then removes what the manager no longer states and leaves what others own", async () => {
    const name = fresh();
    await apply(name, { a: "1", b: "2" }, "fieldManager=one");
    await api.call("PATCH", `${maps}/${name}?fieldManager=two`, { data: { c: "3" } }, mergePatchType);
    const next = await apply(name, { a: "1" }, "fieldManager=one");
    expect(next.data).toEqual({ a: "1", c: "3" });
  });

  it("refuses to take a field from another manager, and takes it by force", async () => {
    const name = fresh();
    await apply(name, { a: "1" }, "fieldManager=one");
    const path = `${maps}/${name}?fieldManager=two`;
    expect(await api.refusal("PATCH", path, applied(name, { a: "2" }), applyPatchType)).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: { causes: [{ reason: "FieldManagerConflict", field: ".data.a" }] },
    });
    await apply(name, { a: "2" }, "fieldManager=two&force=true");
    const live = await api.call("GET", `${maps}/${name}`);
    expect(live.data).toEqual({ a: "2" });
    expect(objectAt(live, "metadata").managedFields).toHaveLength(1);
  });

  it("shares a field that both managers give the same value", async () => {
    const name = fresh();
    await apply(name, { a: "1" }, "fieldManager=one");
    await apply(name, { a: "1" }, "fieldManager=two");
    const live = await apply(name, {}, "fieldManager=one");
    expect(live.data).toEqual({ a: "1" });
  });

  it("makes no new version when nothing changes", async () => {
    const name = fresh();
    const first = await apply(name, { a: "1" }, "fieldManager=one");
    const second = await apply(name, { a: "1" }, "fieldManager=one");
    expect(at(second, "metadata", "resourceVersion")).toBe(at(first, "metadata", "resourceVersion"));
  });

  it("refuses a stale version that the configuration carries", async () => {
    const name = fresh();
    const first = await apply(name, { a: "1" }, "fieldManager=one");
    await apply(name, { a: "2" }, "fieldManager=one");
    const stale = {
      ...applied(name, { a: "3" }),
      metadata: { name, resourceVersion: at(first, "metadata", "resourceVersion") },
    };
    expect(await api.refusal("PATCH", `${maps}/${name}?fieldManager=one`, stale, applyPatchType)).toMatchObject({
      code: 409,
    });
  });

  it("merges containers by name and ports by number", async () => {
    const name = fresh();
    const body = { apiVersion: "apps/v1", kind: "Deployment", ...deployment(name) };
    await api.call("PATCH", `${deployments}/${name}?fieldManager=one`, body, applyPatchType);
    const side = { containers: [{ name: "side", image: "side:1" }] };
    const other = { ...body, spec: { template: { spec: side } } };
    const live = await api.call("PATCH", `${deployments}/${name}?fieldManager=two`, other, applyPatchType);
    expect(at(live, "spec", "template", "spec", "containers")).toMatchObject([{ name: "app" }, { name: "side" }]);
    const gone = { ...body, spec: { ...body.spec, template: { metadata: body.spec.template.metadata } } };
    const left = await api.call("PATCH", `${deployments}/${name}?fieldManager=one`, gone, applyPatchType);
    expect(at(left, "spec", "template", "spec", "containers")).toMatchObject([{ name: "side" }]);
  });

  it("keeps the status apart from the rest", async () => {
    const name = fresh();
    const body = { apiVersion: "apps/v1", kind: "Deployment", ...deployment(name), status: { replicas: 9 } };
    const main = await api.call("PATCH", `${deployments}/${name}?fieldManager=one`, body, applyPatchType);
    expect(at(main, "status", "replicas")).toBeUndefined();
    const status = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, status: { replicas: 3 } };
    const path = `${deployments}/${name}/status?fieldManager=one`;
    const live = await api.call("PATCH", path, status, applyPatchType);
    expect(live).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 3 } });
    const entries = objectsAt(live, "metadata", "managedFields").map(({ manager, operation, subresource }) => ({
      manager,
      operation,
      subresource,
    }));
    expect(entries).toEqual([
      { manager: "one", operation: "Apply", subresource: undefined },
      { manager: "one", operation: "Apply", subresource: "status" },
    ]);
  });

  it("loses a field to somebody who updates it, and meets a conflict when it wants it back", async () => {
    const name = fresh();
    await apply(name, { a: "1" }, "fieldManager=one");
    await api.call("PATCH", `${maps}/${name}?fieldManager=two`, { data: { a: "2" } }, mergePatchType);
    const path = `${maps}/${name}?fieldManager=one`;
    expect(await api.refusal("PATCH", path, applied(name, { a: "1" }), applyPatchType)).toMatchObject({
      code: 409,
      message: expect.stringMatching(/^Apply failed with 1 conflict: conflict with "two" using v1 at .*: \.data\.a$/),
    });
  });

  it("names every conflict", async () => {
    const name = fresh();
    await apply(name, { a: "1", b: "1" }, "fieldManager=one");
    const path = `${maps}/${name}?fieldManager=two`;
    expect(await api.refusal("PATCH", path, applied(name, { a: "2", b: "2" }), applyPatchType)).toMatchObject({
      message: 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b',
    });
  });

  it("needs a field manager", async () => {
    const path = `${maps}/${fresh()}`;
    expect(await api.refusal("PATCH", path, applied("x", {}), applyPatchType)).toMatchObject({ code: 400 });
  });
});
