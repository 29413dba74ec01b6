import { describe, expect, it } from "vitest";
import { applyPatchType, mergePatchType, strategicPatchType } from "../testing/api.ts";
import { at, type JsonObject, objectAt, objectsAt } from "./json.ts";
import { bare, simulated } from "../testing/suite.ts";
import { definition } from "../testing/widgets.ts";

let count = 0;
const { sim, api } = await simulated({ ...bare, crds: [definition] });

const widgets = "/apis/test.dev/v1/namespaces/default/widgets";
const widget = (spec: JsonObject, name = `w${++count}`) => ({
  apiVersion: "test.dev/v1",
  kind: "Widget",
  metadata: { name },
  spec,
});

describe("a custom kind", () => {
  it("is established and discovered", async () => {
    const live = await api.call("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.dev");
    expect(objectsAt(live, "status", "conditions")).toMatchObject([
      { type: "NamesAccepted", status: "True" },
      { type: "Established", status: "True" },
    ]);
    const list = await api.call("GET", "/apis/test.dev/v1");
    expect(objectsAt(list, "resources").map(({ name }) => name)).toEqual([
      "widgets",
      "widgets/status",
      "widgets/scale",
    ]);
  });

  it("is defaulted and pruned", async () => {
    const made = await api.call(
      "POST",
      widgets,
      widget({ size: 1, unknown: true, free: { any: { thing: 1 } }, steps: [{ name: "a" }] }),
    );
    expect(made.spec).toEqual({
      size: 1,
      mode: "fast",
      free: { any: { thing: 1 } },
      steps: [{ name: "a", weight: 1 }],
    });
  });

  it("warns of unknown fields, or refuses them when strict", async () => {
    const body = JSON.stringify(widget({ size: 1, unknown: true }));
    const send = (query: string) =>
      fetch(`${sim.url}${widgets}?${query}`, { method: "POST", body, headers: { "content-type": "application/json" } });
    const strict = await send("fieldValidation=Strict");
    expect([strict.status, await strict.json()]).toMatchObject([
      400,
      { message: expect.stringContaining('strict decoding error: unknown field "spec.unknown"') },
    ]);
    const warned = await send("");
    expect([warned.status, warned.headers.get("warning")]).toEqual([201, '299 - "unknown field \\"spec.unknown\\""']);
  });

  const problems: Record<string, { spec: JsonObject; field: string; reason: string; message: string }> = {
    "a missing field": { spec: {}, field: "spec.size", reason: "FieldValueRequired", message: "Required value" },
    "a wrong type": {
      spec: { size: "big" },
      field: "spec.size",
      reason: "FieldValueTypeInvalid",
      message: 'Invalid value: "string": spec.size in body must be of type integer: "string"',
    },
    "a number too large": {
      spec: { size: 11 },
      field: "spec.size",
      reason: "FieldValueInvalid",
      message: "Invalid value: 11: spec.size in body should be less than or equal to 10",
    },
    "a value that is not in the list": {
      spec: { size: 1, mode: "medium" },
      field: "spec.mode",
      reason: "FieldValueNotSupported",
      message: 'Unsupported value: "medium": supported values: "fast", "slow"',
    },
    "a text that does not match": {
      spec: { size: 1, name: "ABC" },
      field: "spec.name",
      reason: "FieldValueInvalid",
      message: "Invalid value: \"ABC\": spec.name in body should match '^[a-z]+$'",
    },
    "two of one choice": {
      spec: { size: 1, choice: { a: "x", b: "y" } },
      field: "<nil>",
      reason: "FieldValueInvalid",
      message:
        'Invalid value: "": "spec.choice" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    },
    "a key twice": {
      spec: { size: 1, steps: [{ name: "a" }, { name: "a" }] },
      field: "spec.steps[1]",
      reason: "FieldValueDuplicate",
      message: 'Duplicate value: {"name":"a"}',
    },
    "neither number nor text": {
      spec: { size: 1, port: true },
      field: "spec.port",
      reason: "FieldValueTypeInvalid",
      message: 'Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
    },
  };
  it.each(Object.entries(problems))(
    "refuses %s, naming the field",
    async (_sentence, { spec, field, reason, message }) => {
      const refusal = await api.refusal("POST", widgets, widget(spec, "bad"));
      expect(refusal).toMatchObject({
        code: 422,
        reason: "Invalid",
        details: { group: "test.dev", kind: "Widget", name: "bad" },
      });
      expect(objectsAt(refusal, "details", "causes")).toContainEqual({ reason, message, field });
    },
  );

  it("keeps its status apart and counts generations by its spec", async () => {
    const { metadata } = await api.call("POST", widgets, { ...widget({ size: 1 }), status: { phase: "Lost" } });
    const path = `${widgets}/${at(metadata, "name")}`;
    const status = await api.call(
      "PATCH",
      `${path}/status`,
      { status: { phase: "Seen" }, spec: { size: 2 } },
      mergePatchType,
    );
    expect(status).toMatchObject({ spec: { size: 1 }, status: { phase: "Seen" }, metadata: { generation: 1 } });
    const spec = await api.call("PATCH", path, { spec: { size: 2 } }, mergePatchType);
    expect(spec).toMatchObject({ status: { phase: "Seen" }, metadata: { generation: 2 } });
  });

  it("needs a version to be replaced", async () => {
    const made = await api.call("POST", widgets, widget({ size: 1 }));
    const { resourceVersion: _version, ...metadata } = objectAt(made, "metadata");
    expect(await api.refusal("PUT", `${widgets}/${metadata.name}`, { ...made, metadata })).toMatchObject({
      code: 422,
      message: expect.stringContaining("metadata.resourceVersion: Invalid value: 0: must be specified for an update"),
    });
  });

  it("is scaled where its definition says", async () => {
    const made = await api.call("POST", widgets, widget({ size: 1, replicas: 2 }));
    const path = `${widgets}/${at(made, "metadata", "name")}`;
    await api.call("PATCH", `${path}/scale`, { spec: { replicas: 5 } }, mergePatchType);
    expect(at(await api.call("GET", path), "spec", "replicas")).toBe(5);
  });

  it("takes no strategic patch", async () => {
    const made = await api.call("POST", widgets, widget({ size: 1 }));
    const path = `${widgets}/${at(made, "metadata", "name")}`;
    expect(await api.refusal("PATCH", path, {}, strategicPatchType)).toMatchObject({ code: 415 });
  });

  it("merges keyed lists of different appliers", async () => {
    const name = `w${++count}`;
    const apply = (manager: string, spec: JsonObject) =>
      api.call("PATCH", `${widgets}/${name}?fieldManager=${manager}`, widget(spec, name), applyPatchType);
    await apply("one", { size: 1, steps: [{ name: "a", weight: 5 }] });
    const both = await apply("two", { steps: [{ name: "b" }] });
    expect(at(both, "spec", "steps")).toEqual([
      { name: "a", weight: 5 },
      { name: "b", weight: 1 },
    ]);
    const left = await apply("one", { size: 1 });
    expect(at(left, "spec", "steps")).toEqual([{ name: "b", weight: 1 }]);
  });

  it("is applied server-side only with fields that its schema declares", async () => {
    const body = widget({ size: 1, unknown: true }, "undeclared");
    const path = `${widgets}/undeclared?fieldManager=one`;
    expect(await api.refusal("PATCH", path, body, applyPatchType)).toMatchObject({
      code: 500,
      message: expect.stringContaining(".spec.unknown: field not declared in schema"),
    });
  });

  it("is the same object in every version", async () => {
    const made = await api.call("POST", widgets, widget({ size: 3 }));
    const name = at(made, "metadata", "name");
    const other = await api.call("GET", `/apis/test.dev/v1beta1/namespaces/default/widgets/${name}`);
    expect(other).toMatchObject({
      apiVersion: "test.dev/v1beta1",
      spec: { size: 3 },
      metadata: { uid: at(made, "metadata", "uid") },
    });
  });

  it("shows the columns of its definition", async () => {
    const response = await fetch(`${sim.url}${widgets}?limit=1`, {
      headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
    });
    const table: unknown = await response.json();
    expect(objectsAt(table, "columnDefinitions").map(({ name, priority }) => `${name} ${priority}`)).toEqual([
      "Name 0",
      "Size 0",
      "Phase 1",
    ]);
    expect(at(table, "rows", 0, "cells", 1)).toBe(1);
  });

  it("goes with its definition", async () => {
    const other = structuredClone(definition);
    other.metadata.name = "gadgets.test.dev";
    other.spec.names = { kind: "Gadget", plural: "gadgets", shortNames: [] };
    await sim.apply(other);
    await api.call("POST", "/apis/test.dev/v1/namespaces/default/gadgets", {
      ...{ apiVersion: "test.dev/v1", kind: "Gadget", metadata: { name: "g" } },
      spec: { size: 1 },
    });
    await api.call("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.test.dev");
    expect(await api.refusal("GET", "/apis/test.dev/v1/namespaces/default/gadgets")).toMatchObject({ code: 404 });
  });
});

describe("a definition", () => {
  it("that is wrong is refused with every problem", async () => {
    const { spec } = definition;
    const bad = { ...definition, metadata: { name: "wrong" }, spec: { ...spec, scope: "Galaxy" } };
    const refusal = await api.refusal("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", bad);
    expect(objectsAt(refusal, "details", "causes").map(({ field }) => field)).toEqual(["metadata.name", "spec.scope"]);
  });
});
