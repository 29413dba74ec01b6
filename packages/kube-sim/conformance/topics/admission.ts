import { at, type JsonObject, objectsAt } from "../../src/api/json.ts";
import type { Cases, NeedyCase } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { deployment, made } from "../objects.ts";
import type { Place } from "../place.ts";
import { type Hooked, hooked, type HookSpec, patchOf } from "./webhook-server.ts";

const mutating = "MutatingWebhookConfiguration";
const validating = "ValidatingWebhookConfiguration";

type Hooks = HookSpec | readonly HookSpec[];

/** A case with webhooks in force; they are taken away afterwards. */
function withHooks(
  kind: typeof mutating | typeof validating,
  hooks: Hooks,
  check: (place: Place, hooks: Hooked) => Promise<void>,
): NeedyCase {
  return {
    needs: "local",
    check: async (place) => {
      const inForce = await hooked(place, kind, [hooks].flat());
      try {
        await check(place, inForce);
      } finally {
        await inForce.end();
      }
    },
  };
}

const denies = (status?: JsonObject): HookSpec => ({ answer: () => ({ allowed: false, ...(status && { status }) }) });
const add = (key: string, value = "yes"): HookSpec => ({
  answer: () => patchOf({ op: "add", path: `/data/${key}`, value }),
});
const denied = 'admission webhook "hook0.conformance.dev" denied the request';

export const admission: Cases = {
  "a validating webhook refuses with its message: 400": withHooks(
    validating,
    denies({ message: "not today" }),
    async (place, hooks) => {
      const answer = await place.maps.create(hooks.map(place.name()));
      refuses(answer, 400, absent, { message: `${denied}: not today` });
    },
  ),
  "a refusal keeps the webhook's code and reason": withHooks(
    validating,
    denies({ code: 403, reason: "Forbidden", message: "not you" }),
    async (place, hooks) => {
      refuses(await place.maps.create(hooks.map(place.name())), 403, "Forbidden", { message: `${denied}: not you` });
    },
  ),
  "a refusal's reason stands in for a message": withHooks(
    validating,
    denies({ reason: "Because" }),
    async (place, hooks) => {
      refuses(await place.maps.create(hooks.map(place.name())), 400, "Because", { message: `${denied}: Because` });
    },
  ),
  "a refusal may go without explanation": withHooks(validating, denies(), async (place, hooks) => {
    const answer = await place.maps.create(hooks.map(place.name()));
    refuses(answer, 400, absent, { message: `${denied} without explanation` });
  }),
  "a refusal with a code of success is a 400": withHooks(
    validating,
    denies({ code: 200, message: "no" }),
    async (place, hooks) => {
      refuses(await place.maps.create(hooks.map(place.name())), 400, absent, { message: `${denied}: no` });
    },
  ),
  "a mutating webhook refuses in the same words": withHooks(
    mutating,
    denies({ message: "no" }),
    async (place, hooks) => {
      refuses(await place.maps.create(hooks.map(place.name())), 400, absent, { message: `${denied}: no` });
    },
  ),
  "a JSON patch changes what is stored": withHooks(mutating, add("b"), async (place, hooks) => {
    const name = place.name();
    answers(await place.maps.create(hooks.map(name)), 201, { data: { a: "1", b: "yes" } });
    answers(await place.maps.get(name), 200, { data: { a: "1", b: "yes" } });
  }),
  "what a webhook adds has no manager": withHooks(mutating, add("b"), async (place, hooks) => {
    const object = answers(await place.maps.create(hooks.map(place.name()), { fieldManager: "m" }), 201);
    const [entry] = objectsAt(object, "metadata", "managedFields");
    fits(entry, { manager: "m", fieldsV1: { "f:data": { "f:a": {}, "f:b": absent } } });
  }),
  "what a webhook makes of an object is checked": withHooks(
    mutating,
    { answer: () => patchOf({ op: "add", path: "/metadata/labels/bad", value: "not a label!" }) },
    async (place, hooks) => {
      const answer = await place.maps.create(hooks.map(place.name()));
      refuses(answer, 422, "Invalid", { fields: ["metadata.labels"] });
    },
  ),
  "a webhook reads who does what to which object": withHooks(validating, {}, async (place, hooks) => {
    const name = place.name();
    await made(place.maps.create(hooks.map(name), { fieldManager: "m" }));
    fits(hooks.seen[0]?.request, {
      uid: someText,
      kind: { group: "", version: "v1", kind: "ConfigMap" },
      resource: { group: "", version: "v1", resource: "configmaps" },
      requestKind: { group: "", version: "v1", kind: "ConfigMap" },
      requestResource: { group: "", version: "v1", resource: "configmaps" },
      subResource: absent,
      name,
      namespace: place.namespace,
      operation: "CREATE",
      userInfo: { username: someText },
      object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, uid: someText }, data: { a: "1" } },
      oldObject: null,
      dryRun: false,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1", fieldManager: "m" },
    });
  }),
  "an update shows the old and the new object": withHooks(validating, {}, async (place, hooks) => {
    const name = place.name();
    await made(place.maps.create(hooks.map(name)));
    await made(place.maps.merge(name, { data: { a: "2" } }));
    fits(hooks.seen[1]?.request, {
      ...{ operation: "UPDATE", object: { data: { a: "2" } }, oldObject: { data: { a: "1" } } },
      options: { kind: "UpdateOptions" },
    });
  }),
  "a deletion shows the old object only": withHooks(validating, {}, async (place, hooks) => {
    const name = place.name();
    await made(place.maps.create(hooks.map(name)));
    await made(place.maps.remove(name));
    fits(hooks.seen[1]?.request, {
      ...{ operation: "DELETE", object: null, oldObject: { metadata: { name } }, name },
      options: { kind: "DeleteOptions" },
    });
  }),
  "a deletion can be refused": withHooks(
    validating,
    { answer: ({ operation }) => ({ allowed: operation !== "DELETE", status: { message: "stay" } }) },
    async (place, hooks) => {
      const name = place.name();
      await made(place.maps.create(hooks.map(name)));
      refuses(await place.maps.remove(name), 400, absent, { message: `${denied}: stay` });
      answers(await place.maps.get(name), 200);
    },
  ),
  "the deletion of a collection asks for each object": withHooks(validating, {}, async (place, hooks) => {
    for (const name of [place.name(), place.name()]) await made(place.maps.create(hooks.map(name)));
    await made(place.maps.remove("", undefined, { labelSelector: Object.entries(hooks.labels)[0]?.join("=") ?? "" }));
    fits(
      hooks.seen.map(({ request }) => request.operation),
      ["CREATE", "CREATE", "DELETE", "DELETE"],
    );
  }),
  "a dry run says so, and stores nothing": withHooks(mutating, add("b"), async (place, hooks) => {
    const name = place.name();
    answers(await place.maps.create(hooks.map(name), { dryRun: "All" }), 201, { data: { b: "yes" } });
    fits(hooks.seen[0]?.request, { dryRun: true, options: { dryRun: ["All"] } });
    answers(await place.maps.get(name), 404);
  }),
  "warnings come with the answer": withHooks(
    validating,
    { answer: () => ({ allowed: true, warnings: ["mind the gap"] }) },
    async (place, hooks) => {
      const answer = await place.maps.create(hooks.map(place.name()));
      fits(answer.warnings, ['299 - "mind the gap"']);
    },
  ),
  "webhooks that nobody answers refuse: 500": withHooks(
    validating,
    { clientConfig: { url: "https://127.0.0.1:1/none" } },
    async (place, hooks) => {
      refuses(await place.maps.create(hooks.map(place.name())), 500, "InternalError", {
        message:
          /^Internal error occurred: failed calling webhook "hook0.conformance.dev": failed to call webhook: Post "https:\/\/127.0.0.1:1\/none\?timeout=10s": .*refused/i,
      });
    },
  ),
  "failurePolicy Ignore passes over them": withHooks(
    validating,
    { clientConfig: { url: "https://127.0.0.1:1/none" }, failurePolicy: "Ignore" },
    async (place, hooks) => {
      answers(await place.maps.create(hooks.map(place.name())), 201);
    },
  ),
  "failurePolicy Ignore is not for refusals": withHooks(
    validating,
    { failurePolicy: "Ignore", ...denies({ message: "no" }) },
    async (place, hooks) => {
      refuses(await place.maps.create(hooks.map(place.name())), 400, absent, { message: `${denied}: no` });
    },
  ),
  "a webhook that takes longer than its time is given up: 500": withHooks(
    validating,
    { timeoutSeconds: 1, answer: () => "silence" },
    async (place, hooks) => {
      const message = /failed to call webhook: Post ".*\?timeout=1s": (context deadline exceeded|net\/http: .*)/;
      refuses(await place.maps.create(hooks.map(place.name())), 500, "InternalError", { message });
    },
  ),
  "an answer to another question is none": withHooks(
    validating,
    { answer: () => ({ uid: "other", allowed: true }) },
    async (place, hooks) => {
      const message = /received invalid webhook response: expected response.uid="[^"]+", got "other"/;
      refuses(await place.maps.create(hooks.map(place.name())), 500, "InternalError", { message });
    },
  ),
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
      fits(hooks.seen, []);
      await made(place.deployments.merge(`${name}/status`, { status: { observedGeneration: 1 } }));
      fits(hooks.seen[0]?.request, {
        ...{ subResource: "status", requestSubResource: "status", kind: { kind: "Deployment" } },
        object: { status: { observedGeneration: 1 } },
      });
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
