import { describe, expect, it } from "vitest";
import { jsonPatchType, mergePatchType, strategicPatchType } from "../../testing/api.ts";
import { configMap, deployment, deployments, fresh, maps } from "../../testing/objects.ts";
import { simulated } from "../../testing/suite.ts";

const { api } = await simulated();

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
          spec: { containers: [{ name: "side" }, { name: "app", image: "app:2", ports: [{ containerPort: 80 }] }] },
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
