import { objectsAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { made } from "../objects.ts";
import { patchOf } from "./webhook-server.ts";
import { add, denied, denies, mutating, validating, withHooks } from "./with-hooks.ts";

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
};
