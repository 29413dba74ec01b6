import { equal, type JsonObject, objectsAt } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, fits, refuses } from "../expect.ts";
import { deployment, made, madeMap, service, widget } from "../objects.ts";

const start = { a: "1", b: "2", list: "x" };

/** JSON patches of `data` and what they make of it; undefined: refused as 422. */
const jsonPatches: Record<string, [operations: JsonObject[], data: JsonObject | undefined]> = {
  "add makes a field": [[{ op: "add", path: "/data/c", value: "3" }], { ...start, c: "3" }],
  "add replaces a field that is there": [[{ op: "add", path: "/data/a", value: "9" }], { ...start, a: "9" }],
  "replace changes a field": [[{ op: "replace", path: "/data/a", value: "9" }], { ...start, a: "9" }],
  "replace of nothing makes a field": [[{ op: "replace", path: "/data/zz", value: "9" }], { ...start, zz: "9" }],
  "remove takes a field away": [[{ op: "remove", path: "/data/a" }], { b: "2", list: "x" }],
  "remove of nothing is refused": [[{ op: "remove", path: "/data/zz" }], undefined],
  "move renames a field": [[{ op: "move", from: "/data/a", path: "/data/z" }], { b: "2", list: "x", z: "1" }],
  "copy doubles a field": [[{ op: "copy", from: "/data/a", path: "/data/z" }], { ...start, z: "1" }],
  "a test that holds lets the rest happen": [
    [
      { op: "test", path: "/data/a", value: "1" },
      { op: "replace", path: "/data/a", value: "2" },
    ],
    { ...start, a: "2" },
  ],
  "a test that fails refuses all": [
    [
      { op: "replace", path: "/data/b", value: "9" },
      { op: "test", path: "/data/a", value: "no" },
    ],
    undefined,
  ],
  "~1 stands for / in a path": [
    [
      { op: "add", path: "/metadata/annotations", value: {} },
      { op: "add", path: "/metadata/annotations/x.dev~1y", value: "1" },
      { op: "move", from: "/metadata/annotations/x.dev~1y", path: "/data/a" },
    ],
    start,
  ],
};

/** Merge patches of `data`. */
const mergePatches: Record<string, [patch: JsonObject, data: JsonObject]> = {
  "a field changes, others stay": [{ a: "9" }, { ...start, a: "9" }],
  "null removes a field": [{ a: null }, { b: "2", list: "x" }],
  "null for a field that is not there does nothing": [{ zz: null }, start],
};

/** Strategic merge patches of the container `app` and what it is then. */
const strategic: Record<string, [patch: JsonObject, container: JsonObject]> = {
  "a new list item comes in front of those that stay": [
    { env: [{ name: "B", value: "2" }] },
    {
      env: [
        { name: "B", value: "2" },
        { name: "A", value: "1" },
      ],
    },
  ],
  "a list item is found by its key": [{ env: [{ name: "A", value: "9" }] }, { env: [{ name: "A", value: "9" }] }],
  "$patch: delete removes a list item": [{ env: [{ name: "A", $patch: "delete" }] }, { env: absent, image: "app:1" }],
  "$patch: replace replaces a list": [
    { env: [{ name: "B", value: "2" }, { $patch: "replace" }] },
    { env: [{ name: "B", value: "2" }] },
  ],
  "a list without a key is replaced": [{ command: ["a", "b"] }, { command: ["a", "b"] }],
  "null removes a field": [{ ports: null }, { ports: absent }],
  "$setElementOrder orders the items": [
    { env: [{ name: "B", value: "2" }], "$setElementOrder/env": [{ name: "A" }, { name: "B" }] },
    { env: [{ name: "A" }, { name: "B" }] },
  ],
};

const jsonType = "application/json";

export const patching: Cases = {
  ...rows(
    jsonPatches,
    (sentence) => `JSON patch: ${sentence}`,
    async (place, [operations, data]) => {
      const name = await madeMap(place, start);
      const answer = await place.maps.jsonPatch(name, operations);
      if (data === undefined) refuses(answer, 422, "Invalid");
      answers(await place.maps.get(name), 200, { data: exactly(data ?? start) });
    },
  ),
  ...rows(
    mergePatches,
    (sentence) => `merge patch: ${sentence}`,
    async (place, [patch, data]) => {
      const name = await madeMap(place, start);
      answers(await place.maps.merge(name, { data: patch }), 200, { data: exactly(data) });
    },
  ),
  ...rows(
    strategic,
    (sentence) => `strategic merge: ${sentence}`,
    async (place, [patch, container]) => {
      const name = place.name();
      await made(place.deployments.create(deployment(name)));
      const containers = [{ name: "app", ...patch }];
      const after = answers(
        await place.deployments.strategic(name, { spec: { template: { spec: { containers } } } }),
        200,
      );
      fits(objectsAt(after, "spec", "template", "spec", "containers"), [container, { name: "side" }]);
    },
  ),
  "merge patch: a list is replaced": async (place) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const containers = [{ name: "other", image: "o:1" }];
    const after = answers(await place.deployments.merge(name, { spec: { template: { spec: { containers } } } }), 200);
    fits(objectsAt(after, "spec", "template", "spec", "containers"), [{ name: "other", image: "o:1" }]);
  },
  "strategic merge: $retainKeys drops the keys it does not name": async (place) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const strategy = { $retainKeys: ["type"], type: "Recreate" };
    answers(await place.deployments.strategic(name, { spec: { strategy } }), 200, {
      spec: { strategy: { type: "Recreate", rollingUpdate: absent } },
    });
  },
  "strategic merge: finalizers are a set": async (place) => {
    const name = await madeMap(place);
    await made(place.maps.strategic(name, { metadata: { finalizers: ["a.dev/x"] } }));
    const two = ["a.dev/x", "a.dev/y"];
    answers(await place.maps.strategic(name, { metadata: { finalizers: ["a.dev/y"] } }), 200, {
      metadata: { finalizers: (list: unknown) => Array.isArray(list) && list.toSorted().join() === two.join() },
    });
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": two } };
    answers(await place.maps.strategic(name, patch), 200, { metadata: { finalizers: absent } });
  },
  "strategic merge: ports of a Service are told apart by port": async (place) => {
    const name = place.name();
    await made(place.in("services").create(service(name)));
    answers(await place.in("services").strategic(name, { spec: { ports: [{ port: 80, name: "web" }] } }), 200, {
      spec: { ports: [{ port: 80, name: "web", targetPort: 80 }] },
    });
  },
  "strategic merge: an item without its key is refused": async (place) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const patch = { spec: { template: { spec: { containers: [{ image: "x" }] } } } };
    const { status } = await place.deployments.strategic(name, patch);
    fits(status >= 400, true, `status ${status}`);
  },
  "a custom kind takes no strategic merge: 415": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name)));
    refuses(await place.widgets.strategic(name, { spec: { size: 2 } }), 415, "UnsupportedMediaType");
  },
  "a patch of no patch type is 415": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.send("PATCH", name, { body: {}, contentType: jsonType }), 415, "UnsupportedMediaType");
  },
  "a patch of nothing is 404": async (place) => {
    refuses(await place.maps.merge("nothing", { data: {} }), 404, "NotFound");
    refuses(await place.maps.jsonPatch("nothing", []), 404, "NotFound");
  },
  "a JSON patch that is no list is 400": async (place) => {
    refuses(await place.maps.jsonPatch(await madeMap(place), { op: "add" }), 400, "BadRequest");
  },
  "a patch that is no JSON is 400": async (place) => {
    refuses(await place.maps.merge(await madeMap(place), "{"), 400, "BadRequest");
  },
  "a patch cannot change the name": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, { metadata: { name: "other" } }), 400, "BadRequest");
  },
  "a patch to a wrong type is 422 and names the patch": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, { data: { a: 1 } }), 422, "Invalid", { fields: ["patch"] });
  },
};

function exactly(data: JsonObject | undefined): (value: unknown) => boolean {
  return (value) => equal(value, data);
}
