import type { JsonObject } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { answers, fits, refuses } from "../expect.ts";
import { deployment, made, madeMap, widget } from "../objects.ts";

const inapplicable = "the server rejected our request due to an error in our request";

/** JSON patches that cannot be carried out: the server does not say why. */
const impossible: Record<string, JsonObject> = {
  "a test that fails": { op: "test", path: "/data/a", value: "no" },
  "a removal of nothing": { op: "remove", path: "/data/none" },
  "an addition below nothing": { op: "add", path: "/none/a", value: "1" },
  "a move of nothing": { op: "move", from: "/data/none", path: "/data/z" },
  "an unknown operation": { op: "odd", path: "/data/a" },
  "an operation without a path": { op: "add", value: "1" },
  "a path without a slash": { op: "add", path: "data", value: "1" },
};

/** Patches that are no patches: their type, body and what is said. */
const unreadable: Record<string, [type: "json" | "merge", body: string, message: RegExp | string]> = {
  "a JSON patch that is an object": ["json", "{}", /^error decoding patch: json: cannot unmarshal object into/],
  "a JSON patch of numbers": ["json", "[1]", /^error decoding patch: json: cannot unmarshal number into/],
  "a JSON patch of nothing": ["json", "", "error decoding patch: unexpected end of JSON input"],
  "a merge patch that is a list": ["merge", "[]", /^error decoding patch: json: cannot unmarshal array into/],
  "a merge patch that is a text": ["merge", '"x"', /^error decoding patch: json: cannot unmarshal string into/],
  "a merge patch of nothing": ["merge", "", "error decoding patch: unexpected end of JSON input"],
  "a merge patch of null": ["merge", "null", "Invalid JSON Patch"],
};

const contentTypes = { json: "application/json-patch+json", merge: "application/merge-patch+json" };

/** Strategic merges of a Deployment's containers that the server is not prepared for. */
const unmergeable: Record<string, [container: JsonObject, message: string]> = {
  "an item without its key": [{ image: "x" }, "map: map[image:x] does not contain declared merge key: name"],
  "an unknown directive": [{ name: "app", $patch: "odd" }, "unknown patch type: odd in map: map[$patch:odd name:app]"],
};

export const badPatches: Cases = {
  ...rows(
    impossible,
    (what) => `${what} is 422`,
    async (place, operation) => {
      const answer = await place.maps.jsonPatch(await madeMap(place), [operation]);
      refuses(answer, 422, "Invalid", { message: inapplicable, details: {} });
    },
  ),
  ...rows(
    unreadable,
    (what) => `${what} is 400`,
    async (place, [type, body, message]) => {
      const options = { body, contentType: contentTypes[type] };
      refuses(await place.maps.send("PATCH", await madeMap(place), options), 400, "BadRequest", { message });
    },
  ),
  ...rows(
    unmergeable,
    (what) => `a strategic merge with ${what} is 500`,
    async (place, [container, message]) => {
      const name = place.name();
      await made(place.deployments.create(deployment(name)));
      const patch = { spec: { template: { spec: { containers: [container] } } } };
      refuses(await place.deployments.strategic(name, patch), 500, undefined, { message });
    },
  ),
  "null changes nothing: as a JSON patch, and as a strategic merge": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.send("PATCH", name, { body: "null", contentType: contentTypes.json }), 200);
    answers(await place.maps.strategic(name, "null"), 200, { data: { a: "1" } });
  },
  "a negative position counts from behind": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name, { plain: [1, 2] })));
    const add = [{ op: "add", path: "/spec/plain/-1", value: 3 }];
    answers(await place.widgets.jsonPatch(name, add), 200, { spec: { plain: [1, 2, 3] } });
  },
  "a content type that is no patch is 415": async (place) => {
    const body = {};
    refuses(
      await place.maps.send("PATCH", await madeMap(place), { body, contentType: "application/json" }),
      ...([415, "UnsupportedMediaType", { message: "415: Unsupported Media Type", details: {} }] as const),
    );
  },
  "a custom kind says which types it takes, before it looks for the object": async (place) => {
    const known = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
    const message = (text: unknown) => String(text).endsWith(`accepted media types include: ${known}`);
    refuses(await place.widgets.strategic("nothing", {}), 415, "UnsupportedMediaType", { message });
  },
  "another kind is 422 and names the patch": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, { kind: "Secret" }), 422, "Invalid", { fields: ["patch"] });
    refuses(await place.maps.merge(name, { apiVersion: "v9" }), 422, "Invalid", { fields: ["patch"] });
  },
  "another uid or time of deletion is 422": async (place) => {
    const name = await madeMap(place);
    const times = { deletionTimestamp: "2020-01-01T00:00:00Z" };
    refuses(await place.maps.merge(name, { metadata: { uid: "x" } }), 422, "Invalid", { fields: ["metadata.uid"] });
    refuses(await place.maps.merge(name, { metadata: times }), 422, "Invalid", {
      fields: ["metadata.deletionTimestamp"],
    });
  },
  "no metadata at all leaves no name: 400": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, { metadata: null }), 400, "BadRequest", {
      message: `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    });
  },
  "an applied configuration has a name, and no other namespace: 400": async (place) => {
    const name = place.name();
    const query = { fieldManager: "m" };
    const body = { apiVersion: "v1", kind: "ConfigMap" };
    refuses(await place.maps.apply(name, body, query), 400, "BadRequest", { message: /undeterminable/ });
    const other = { ...body, metadata: { name, namespace: "other" } };
    refuses(await place.maps.apply(name, other, query), 400, "BadRequest", { message: /^the namespace of the/ });
  },
  "an applied list item has its key: 422": async (place) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const { spec: _spec, ...head } = deployment(name);
    const stated = { ...head, spec: { template: { spec: { containers: [{ image: "x" }] } } } };
    const answer = await place.deployments.apply(name, stated, { fieldManager: "m" });
    refuses(answer, 422, "Invalid", { fields: ["spec.template.spec.containers[2].name"] });
  },
  "of a field applied twice the last one counts": async (place) => {
    const name = place.name();
    const body = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  a: "1"\n  a: "2"\n`;
    answers(await place.maps.apply(name, body, { fieldManager: "m" }), 201, { data: { a: "2" } });
  },
  "a Scale is another object's: 400; its replicas are no text: 422": async (place) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const scale = { metadata: { name: "other" }, spec: { replicas: 1 } };
    refuses(await place.deployments.replace(`${name}/scale`, scale), 400, "BadRequest");
    const text = { spec: { replicas: "x" } };
    const refusal = refuses(await place.deployments.merge(`${name}/scale`, text), 422, "Invalid", {
      fields: ["patch"],
    });
    fits(refusal, { message: /cannot unmarshal string into Go struct field ScaleSpec\.spec\.replicas of type int32$/ });
  },
};
