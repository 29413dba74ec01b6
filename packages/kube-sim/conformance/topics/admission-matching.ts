import { at, objectsAt, type JsonObject } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses } from "../expect.ts";
import { deployment, made } from "../objects.ts";
import { patchOf } from "./webhook-server.ts";
import { add, denies, mutating, validating, withHooks } from "./with-hooks.ts";

export const admissionMatching: Cases = {
  "objects that the objectSelector does not fit pass": withHooks(validating, denies(), async (place, hooks) => {
    const { metadata: _metadata, ...body } = hooks.map("");
    answers(await place.maps.create({ ...body, metadata: { name: place.name() } }), 201);
  }),
  "taking the label away does not get past the objectSelector": withHooks(
    validating,
    { answer: ({ operation }) => ({ allowed: operation === "CREATE" }) },
    async (place, hooks) => {
      const name = place.name();
      await made(place.maps.create(hooks.map(name)));
      refuses(await place.maps.merge(name, { metadata: { labels: null } }), 400, absent);
    },
  ),
  "namespaces that the namespaceSelector does not fit pass": withHooks(
    validating,
    {
      ...denies(),
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["other"] }],
      },
    },
    async (place, hooks) => {
      answers(await place.maps.create(hooks.map(place.name())), 201);
    },
  ),
  "operations that no rule names pass": withHooks(
    validating,
    {
      ...denies(),
      rules: [{ apiGroups: [""], apiVersions: ["*"], resources: ["configmaps"], operations: ["UPDATE"] }],
    },
    async (place, hooks) => {
      const name = place.name();
      answers(await place.maps.create(hooks.map(name)), 201);
      refuses(await place.maps.merge(name, { data: { a: "2" } }), 400, absent);
    },
  ),
  "a rule for the scope Cluster leaves namespaced objects alone": withHooks(
    validating,
    {
      ...denies(),
      rules: [{ apiGroups: ["*"], apiVersions: ["*"], resources: ["*"], operations: ["*"], scope: "Cluster" }],
    },
    async (place, hooks) => {
      answers(await place.maps.create(hooks.map(place.name())), 201);
    },
  ),
  "a subresource has rules of its own": withHooks(
    validating,
    { rules: [{ apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments/status"], operations: ["*"] }] },
    async (place, hooks) => {
      const name = place.name();
      await made(place.deployments.create({ ...deployment(name), metadata: { name, labels: hooks.labels } }));
      const conditions = [{ type: "Marked", status: "True" }];
      await made(place.deployments.merge(`${name}/status`, { status: { conditions } }));
      // A controller may write the status, too.
      const ours = hooks.seen.find(({ request }) =>
        objectsAt(request, "object", "status", "conditions").some(({ type }) => type === "Marked"),
      );
      fits(ours?.request, { subResource: "status", requestSubResource: "status", kind: { kind: "Deployment" } });
      fits(
        hooks.seen.every(({ request }) => request.subResource === "status"),
        true,
        "only the subresource is asked about",
      );
    },
  ),
  "a change of scale shows a Scale": withHooks(
    validating,
    {
      objectSelector: {},
      rules: [{ apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments/scale"], operations: ["*"] }],
    },
    async (place, hooks) => {
      const name = place.name();
      await made(place.deployments.create(deployment(name)));
      await made(place.deployments.merge(`${name}/scale`, { spec: { replicas: 0 }, metadata: { annotations: {} } }));
      const seen = hooks.seen.find(({ request }) => request.name === name);
      fits(seen?.request, {
        kind: { group: "autoscaling", version: "v1", kind: "Scale" },
        resource: { group: "apps", version: "v1", resource: "deployments" },
        ...{ subResource: "scale", object: { kind: "Scale", spec: {} } },
      });
    },
  ),
  "webhooks of a configuration change an object in their order": withHooks(
    mutating,
    [
      add("b", "first"),
      { answer: ({ object }) => patchOf({ op: "add", path: "/data/c", value: `after ${at(object, "data", "b")}` }) },
    ],
    async (place, hooks) => {
      answers(await place.maps.create(hooks.map(place.name())), 201, { data: { b: "first", c: "after first" } });
      fits(
        hooks.seen.map(({ hook }) => hook),
        [0, 1],
      );
    },
  ),
  "reinvocationPolicy IfNeeded shows an object again that a later webhook changed": withHooks(
    mutating,
    [{ reinvocationPolicy: "IfNeeded" }, add("b")],
    async (place, hooks) => {
      await made(place.maps.create(hooks.map(place.name())));
      fits(
        hooks.seen.map(({ hook }) => hook),
        [0, 1, 0],
      );
    },
  ),
  "reinvocationPolicy IfNeeded asks once when nothing changes": withHooks(
    mutating,
    [{ reinvocationPolicy: "IfNeeded" }, {}],
    async (place, hooks) => {
      await made(place.maps.create(hooks.map(place.name())));
      fits(
        hooks.seen.map(({ hook }) => hook),
        [0, 1],
      );
    },
  ),
  "a generated name is not there yet when webhooks change the object": withHooks(mutating, {}, async (place, hooks) => {
    const body = { ...hooks.map(""), metadata: { generateName: "made-", labels: hooks.labels } };
    answers(await place.maps.create(body), 201, { metadata: { name: /^made-/ } });
    fits(hooks.seen[0]?.request, { name: absent, object: { metadata: { generateName: "made-", uid: absent } } });
  }),
  "matchPolicy Equivalent converts to the version of the rule": withHooks(
    validating,
    { rules: [hpaRule("v1")], matchPolicy: "Equivalent" },
    async (place, hooks) => {
      await made(place.in("autoscaling/v2/horizontalpodautoscalers").create(autoscaler(place.name(), hooks.labels)));
      fits(hooks.seen[0]?.request, {
        kind: { version: "v1" },
        requestKind: { version: "v2" },
        object: { apiVersion: "autoscaling/v1", spec: { targetCPUUtilizationPercentage: 50 } },
      });
    },
  ),
  "matchPolicy Exact takes the rule by its word": withHooks(
    validating,
    { rules: [hpaRule("v1")], matchPolicy: "Exact" },
    async (place, hooks) => {
      await made(place.in("autoscaling/v2/horizontalpodautoscalers").create(autoscaler(place.name(), hooks.labels)));
      fits(hooks.seen, []);
    },
  ),
  "server-side apply passes webhooks, too": withHooks(mutating, add("b"), async (place, hooks) => {
    const name = place.name();
    const answer = await place.maps.apply(name, hooks.map(name), { fieldManager: "m" });
    answers(answer, 201, { data: { a: "1", b: "yes" } });
    fits(hooks.seen[0]?.request, { operation: "CREATE", options: { kind: "CreateOptions", fieldManager: "m" } });
  }),
  "a webhook that changes what it was not asked about loses it to the next change": withHooks(
    mutating,
    {
      answer: ({ operation }) =>
        operation === "CREATE" ? patchOf({ op: "add", path: "/data/b", value: "x" }) : { allowed: true },
    },
    async (place, hooks) => {
      const name = place.name();
      await made(place.maps.create(hooks.map(name)));
      answers(await place.maps.replace(name, hooks.map(name)), 200, { data: { a: "1", b: absent } });
    },
  ),
};

function hpaRule(version: string): JsonObject {
  const resources = ["horizontalpodautoscalers"];
  return { apiGroups: ["autoscaling"], apiVersions: [version], resources, operations: ["*"] };
}

function autoscaler(name: string, labels: Record<string, string>): JsonObject {
  const target = { type: "Utilization", averageUtilization: 50 };
  return {
    metadata: { name, labels },
    spec: {
      maxReplicas: 2,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
    },
  };
}
