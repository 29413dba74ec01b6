import { type JsonObject, objectAt, objectsAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses } from "../expect.ts";
import { deployment, made, map, widget } from "../objects.ts";
import { equal } from "../../src/api/json.ts";

const by = (fieldManager: string) => ({ fieldManager });
const exactly = (wanted: JsonObject) => (value: unknown) => equal(value, wanted);

/** Which fields a manager has. */
function fieldsOf(object: unknown, manager: string): JsonObject {
  const entries = objectsAt(object, "metadata", "managedFields").filter((entry) => entry.manager === manager);
  return objectAt(entries[0], "fieldsV1");
}

export const managedFields: Cases = {
  "a map that is new belongs to who made it, as what is in it": async (place) => {
    const name = place.name();
    const object = answers(
      await place.maps.create({ ...map(name), metadata: { name, labels: { a: "b" } } }, by("m")),
      201,
    );
    fits(fieldsOf(object, "m"), {
      "f:data": exactly({ ".": {}, "f:a": {} }),
      "f:metadata": exactly({ "f:labels": { ".": {}, "f:a": {} } }),
    });
  },
  "a map that was there belongs to nobody else": async (place) => {
    const name = place.name();
    await made(place.maps.create(map(name), by("m")));
    const object = answers(await place.maps.merge(name, { data: { b: "2" } }, by("n")), 200);
    fits(fieldsOf(object, "n"), exactly({ "f:data": { "f:b": {} } }));
  },
  "what every object of a kind has is not new: a Deployment's template": async (place) => {
    const object = answers(await place.deployments.create(deployment(place.name()), by("m")), 201);
    const spec = objectAt(fieldsOf(object, "m"), "f:spec");
    fits(spec, { ".": absent, "f:strategy": { ".": absent, "f:rollingUpdate": { ".": {} } } });
    const template = objectAt(spec, "f:template");
    fits(template, { ".": absent, "f:metadata": exactly({ "f:labels": { ".": {}, "f:app": {} } }) });
    const containers = objectAt(template, "f:spec", "f:containers");
    fits(containers, { ".": absent, 'k:{"name":"app"}': { ".": {}, "f:env": { ".": {} }, "f:ports": { ".": {} } } });
  },
  "a custom kind has nothing to begin with": async (place) => {
    const body = widget(place, place.name(), { parts: [{ name: "p" }], nested: { level: 1 } });
    const object = answers(await place.widgets.create(body, by("m")), 201);
    fits(fieldsOf(object, "m"), {
      "f:spec": {
        ".": {},
        "f:nested": exactly({ ".": {}, "f:level": {} }),
        "f:parts": exactly({ ".": {}, 'k:{"name":"p","zone":"a"}': { ".": {}, "f:name": {}, "f:zone": {} } }),
      },
    });
  },
  "an object of nothing has no managed fields": async (place) => {
    const name = place.name();
    answers(await place.maps.create({ metadata: { name } }), 201, { metadata: { managedFields: absent } });
  },
  "what nobody owns stays so through updates": async (place) => {
    const name = place.name();
    await made(place.maps.create({ metadata: { name } }));
    answers(await place.maps.merge(name, { data: { a: "1" } }), 200, { metadata: { managedFields: absent } });
  },
  "the first apply to it finds that all was there before": async (place) => {
    const name = place.name();
    await made(place.maps.create({ metadata: { name } }));
    await made(place.maps.merge(name, { data: { a: "1" } }));
    const conflict = await place.maps.apply(name, map(name, { a: "2" }), by("m"));
    refuses(conflict, 409, "Conflict", {
      message: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    });
    const object = answers(await place.maps.apply(name, map(name, { b: "1" }), by("m")), 200);
    fits(fieldsOf(object, "before-first-apply"), exactly({ "f:data": { ".": {}, "f:a": {} } }));
  },
  "who applies comes before who updates": async (place) => {
    const name = place.name();
    await made(place.maps.create(map(name), by("a-updater")));
    const object = answers(await place.maps.apply(name, map(name, { b: "1" }), by("z-applier")), 200);
    fits(
      objectsAt(object, "metadata", "managedFields").map(({ manager }) => manager),
      ["z-applier", "a-updater"],
    );
  },
  "a Scale's replicas belong to who scaled, through the subresource": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name, { replicas: 1 })));
    await made(place.widgets.merge(`${name}/scale`, { spec: { replicas: 2 } }, by("scaler")));
    fits(objectsAt((await place.widgets.get(name)).body, "metadata", "managedFields"), (entries: JsonObject[]) =>
      entries.some(({ manager, subresource }) => manager === "scaler" && subresource === "scale"),
    );
  },
  "stated items keep their order; others stay behind what they followed": async (place) => {
    const name = place.name();
    await made(place.widgets.apply(name, widget(place, name, { tags: ["a", "b"] }), by("m")));
    const stated = { ...widget(place, name), spec: { tags: ["c", "a"] } };
    answers(await place.widgets.apply(name, stated, by("n")), 200, { spec: { tags: ["c", "a", "b"] } });
  },
};
