import { at, type JsonObject, objectAt, objectsAt, stringAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { deployment, made, madeMap, map, service, uidOf, versionOf, widget } from "../objects.ts";
import type { Place } from "../place.ts";

const by = (fieldManager: string, more: Record<string, string> = {}) => ({ fieldManager, ...more });

/** Applies a ConfigMap's data as a manager. */
function applyMap(place: Place, name: string, data: JsonObject, query: Record<string, string>) {
  return place.maps.apply(name, map(name, data), query);
}

/** The managed fields of a manager. */
function fieldsOf(object: unknown, manager: string): JsonObject | undefined {
  return objectsAt(object, "metadata", "managedFields").find((entry) => entry.manager === manager);
}

export const applying: Cases = {
  "what is not there is made: 201": async (place) => {
    const name = place.name();
    const object = answers(await applyMap(place, name, { a: "1" }, by("m")), 201, { data: { a: "1" } });
    fits(fieldsOf(object, "m"), { operation: "Apply", apiVersion: "v1", fieldsV1: { "f:data": { "f:a": {} } } });
  },
  "the same again changes nothing": async (place) => {
    const name = place.name();
    const one = answers(await applyMap(place, name, { a: "1" }, by("m")), 201);
    const two = answers(await applyMap(place, name, { a: "1" }, by("m")), 200);
    fits(versionOf(two), versionOf(one));
  },
  "a field that is no longer stated goes": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1", b: "2" }, by("m")));
    answers(await applyMap(place, name, { a: "1" }, by("m")), 200, { data: { a: "1", b: absent } });
  },
  "a field that another manager states, too, stays": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1", b: "2" }, by("m")));
    await made(applyMap(place, name, { b: "2" }, by("n")));
    answers(await applyMap(place, name, { a: "1" }, by("m")), 200, { data: { a: "1", b: "2" } });
  },
  "two managers own what both state with the same value": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1" }, by("m")));
    const object = answers(await applyMap(place, name, { a: "1" }, by("n")), 200);
    for (const manager of ["m", "n"]) fits(fieldsOf(object, manager), { fieldsV1: { "f:data": { "f:a": {} } } });
  },
  "another value is a conflict that names manager and field": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1" }, by("m")));
    refuses(await applyMap(place, name, { a: "2" }, by("n")), 409, "Conflict", {
      message: 'Apply failed with 1 conflict: conflict with "m": .data.a',
      details: { causes: [{ reason: "FieldManagerConflict", message: 'conflict with "m"', field: ".data.a" }] },
    });
  },
  "every field in conflict is a cause": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1", b: "1" }, by("m")));
    refuses(await applyMap(place, name, { a: "2", b: "2" }, by("n")), 409, "Conflict", {
      message: 'Apply failed with 2 conflicts: conflicts with "m":\n- .data.a\n- .data.b',
      fields: [".data.a", ".data.b"],
    });
  },
  "a conflict with an update tells its version": async (place) => {
    const name = place.name();
    await made(place.maps.create(map(name), by("u")));
    refuses(await applyMap(place, name, { a: "2" }, by("n")), 409, "Conflict", {
      message: /^Apply failed with 1 conflict: conflict with "u" using v1.*: \.data\.a$/,
    });
  },
  "force takes the field": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1" }, by("m")));
    const object = answers(await applyMap(place, name, { a: "2" }, by("n", { force: "true" })), 200, {
      data: { a: "2" },
    });
    fits(fieldsOf(object, "m"), absent);
    fits(fieldsOf(object, "n"), { operation: "Apply" });
  },
  "an update takes fields without asking": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1", b: "1" }, by("m")));
    const object = answers(await place.maps.merge(name, { data: { a: "2" } }, by("u")), 200);
    fits(fieldsOf(object, "m"), { fieldsV1: { "f:data": { "f:a": absent, "f:b": {} } } });
    fits(fieldsOf(object, "u"), { operation: "Update", fieldsV1: { "f:data": { "f:a": {} } } });
  },
  "items of a keyed list are owned one by one": async (place) => {
    const name = place.name();
    const object = answers(await place.deployments.apply(name, deployment(name), by("m")), 201);
    const containers = at(fieldsOf(object, "m"), "fieldsV1", "f:spec", "f:template", "f:spec", "f:containers");
    fits(containers, {
      'k:{"name":"app"}': {
        ...{ ".": {}, "f:name": {}, "f:image": {} },
        "f:env": { 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } },
        "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } },
      },
    });
  },
  "two managers state items of one list": async (place) => {
    const name = place.name();
    await made(place.deployments.apply(name, deployment(name), by("m")));
    const env = [{ name: "B", value: "2" }];
    const containers = [{ name: "app", env }];
    const body = { apiVersion: "apps/v1", kind: "Deployment", spec: { template: { spec: { containers } } } };
    const object = answers(await place.deployments.apply(name, { ...body, metadata: { name } }, by("n")), 200);
    fits(
      objectsAt(object, "spec", "template", "spec", "containers", 0, "env")
        .map((one) => one.name)
        .toSorted(),
      ["A", "B"],
    );
  },
  "a replica count that nobody states is left to others": async (place) => {
    const name = place.name();
    const { replicas: _replicas, ...spec } = objectAt(deployment(name), "spec");
    const body = { ...deployment(name), spec };
    await made(place.deployments.apply(name, deployment(name), by("m")));
    await made(place.deployments.merge(`${name}/scale`, { spec: { replicas: 0 } }, by("s")));
    answers(await place.deployments.apply(name, body, by("m")), 200, {
      spec: { replicas: (n: unknown) => n === 0 || n === 1 },
    });
  },
  "a custom kind's lists are owned as its schema says": async (place) => {
    const name = place.name();
    const spec = { tags: ["x"], plain: [1], parts: [{ name: "p" }] };
    const object = answers(await place.widgets.apply(name, widget(place, name, spec), by("m")), 201);
    fits(at(fieldsOf(object, "m"), "fieldsV1", "f:spec"), {
      "f:tags": { 'v:"x"': {} },
      "f:plain": {},
      "f:parts": { 'k:{"name":"p","zone":"a"}': { ".": {}, "f:name": {} } },
    });
  },
  "status is applied through its subresource": async (place) => {
    const name = place.name();
    await made(place.widgets.apply(name, widget(place, name), by("m")));
    const body = { apiVersion: `${place.group}/v1`, kind: "Widget", metadata: { name }, status: { phase: "x" } };
    const object = answers(await place.widgets.apply(`${name}/status`, body, by("s")), 200, { status: { phase: "x" } });
    fits(fieldsOf(object, "s"), { subresource: "status", fieldsV1: { "f:status": { "f:phase": {} } } });
  },
  "without a fieldManager it is 422": async (place) => {
    const name = place.name();
    refuses(await place.maps.apply(name, map(name)), 422, "Invalid", {
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      details: { group: "meta.k8s.io", kind: "PatchOptions" },
      fields: ["fieldManager"],
    });
  },
  "force without apply is 422": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, {}, { force: "true" }), 422, "Invalid", { fields: ["force"] });
  },
  "another name than the URL's is 400": async (place) => {
    const name = place.name();
    refuses(await place.maps.apply(name, map("other"), by("m")), 400, "BadRequest", {
      message: `the name of the object (other) does not match the name on the URL (${name})`,
    });
  },
  "no kind is 400": async (place) => {
    refuses(await place.maps.apply("x", { metadata: { name: "x" } }, by("m")), 400, "BadRequest", {
      message: /^invalid object type: /,
    });
  },
  "managedFields in what is stated are 400": async (place) => {
    const name = place.name();
    const metadata = { name, managedFields: [{ manager: "x", operation: "Apply", apiVersion: "v1" }] };
    refuses(await place.maps.apply(name, { ...map(name), metadata }, by("m")), 400, "BadRequest", {
      message: "metadata.managedFields must be nil",
    });
  },
  "an old resourceVersion is 409": async (place) => {
    const name = await madeMap(place);
    const body = { ...map(name, { b: "2" }), metadata: { name, resourceVersion: "1" } };
    refuses(await place.maps.apply(name, body, by("m")), 409, "Conflict");
  },
  "the present resourceVersion is fine": async (place) => {
    const name = await madeMap(place);
    const resourceVersion = versionOf((await place.maps.get(name)).body);
    const body = { ...map(name, { b: "2" }), metadata: { name, resourceVersion } };
    answers(await place.maps.apply(name, body, by("m")), 200, { data: { a: "1", b: "2" } });
  },
  "a resourceVersion of something that is gone makes it anew": async (place) => {
    const name = place.name();
    const body = { ...map(name), metadata: { name, resourceVersion: "77" } };
    answers(await place.maps.apply(name, body, by("m")), 201, { metadata: { resourceVersion: /^\d+$/ } });
  },
  "a uid of something that is gone is refused: 409": async (place) => {
    const name = await madeMap(place);
    const object = (await place.maps.get(name)).body;
    await made(place.maps.remove(name));
    const metadata = { name, uid: uidOf(object), resourceVersion: versionOf(object) };
    refuses(await place.maps.apply(name, { ...map(name), metadata }, by("m")), 409, "Conflict", {
      message: /uid mismatch: the provided object specified uid .*, and no existing object was found$/,
    });
    refuses(await place.maps.get(name), 404, "NotFound");
  },
  "another uid than the live one is 422": async (place) => {
    const name = await madeMap(place);
    const body = { ...map(name), metadata: { name, uid: "other" } };
    refuses(await place.maps.apply(name, body, by("m")), 422, "Invalid", { fields: ["metadata.uid"] });
  },
  "a field that the kind does not have is 500 without a reason": async (place) => {
    const name = place.name();
    refuses(await place.maps.apply(name, { ...map(name), dat: { a: "1" } }, by("m")), 500, absent, {
      message:
        /^failed to create typed patch object \(.*\/.*; \/v1, Kind=ConfigMap\): \.dat: field not declared in schema$/,
    });
  },
  "a field that the custom kind does not have, too": async (place) => {
    const name = place.name();
    refuses(await place.widgets.apply(name, widget(place, name, { nonsense: 1 }), by("m")), 500, absent, {
      message: /\.spec\.nonsense: field not declared in schema$/,
    });
  },
  "a value of the wrong type is 500": async (place) => {
    const name = place.name();
    refuses(await place.widgets.apply(name, widget(place, name, { size: "x" }), by("m")), 500, absent, {
      message: /\.spec\.size: expected numeric \(int or float\), got string$/,
    });
  },
  "one key twice in a list is 500": async (place) => {
    const name = place.name();
    const ports = [
      { port: 80, name: "a" },
      { port: 80, name: "b" },
    ];
    const body = { ...service(name), spec: { ports } };
    refuses(await place.in("services").apply(name, body, by("m")), 500, absent, {
      message: /\.spec\.ports: duplicate entries for key \[port=80,protocol="TCP"\]$/,
    });
  },
  "managed fields can be cleared": async (place) => {
    const name = place.name();
    await made(applyMap(place, name, { a: "1" }, by("m")));
    const patch = [{ op: "replace", path: "/metadata/managedFields", value: [{}] }];
    const object = answers(await place.maps.jsonPatch(name, patch), 200);
    fits(objectsAt(object, "metadata", "managedFields"), []);
    fits(stringAt(object, "metadata", "uid"), someText);
  },
};
