import { describe, expect, it } from "vitest";
import { applyPatchType, mergePatchType } from "../../testing/api.ts";
import { at, type JsonObject, objectAt, objectsAt } from "../json.ts";
import { deployment, deployments, fresh, maps } from "../../testing/objects.ts";
import { simulated } from "../../testing/suite.ts";

const { api } = await simulated();

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
      message: 'Apply failed with 1 conflict: conflict with "two" using v1: .data.a',
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
    expect(await api.refusal("PATCH", path, applied("x", {}), applyPatchType)).toMatchObject({ code: 422 });
  });
});
