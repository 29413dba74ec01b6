import { stringAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText, someTime } from "../expect.ts";
import { made, madeMap, map, service, uidOf, widget } from "../objects.ts";
import type { Place } from "../place.ts";

/** Objects that a create refuses, with what it says of them. */
const badMeta: Record<string, [metadata: object, field: string]> = {
  "a name with capitals": [{ name: "A_b" }, "metadata.name"],
  "a name of 254 characters": [{ name: "a".repeat(254) }, "metadata.name"],
  "no name at all": [{}, "metadata.name"],
  "a label key with a space": [{ name: "x", labels: { "a b": "c" } }, "metadata.labels"],
  "a label value with a space": [{ name: "x", labels: { a: "b c" } }, "metadata.labels"],
  "a label value of 64 characters": [{ name: "x", labels: { a: "b".repeat(64) } }, "metadata.labels"],
  "an annotation key with a space": [{ name: "x", annotations: { "a b": "c" } }, "metadata.annotations"],
  "annotations of more than 256 KiB": [{ name: "x", annotations: { a: "b".repeat(300_000) } }, "metadata.annotations"],
  "a finalizer without a domain": [{ name: "x", finalizers: ["x"] }, "metadata.finalizers[0]"],
  "an owner without a uid": [{ name: "x", ownerReferences: [owner("")] }, "metadata.ownerReferences.uid"],
  "an owner without a name": [
    { name: "x", ownerReferences: [{ ...owner("1"), name: "" }] },
    "metadata.ownerReferences.name",
  ],
  "two controlling owners": [
    { name: "x", ownerReferences: [owner("1"), owner("2")].map((one) => ({ ...one, controller: true })) },
    "metadata.ownerReferences",
  ],
};

function owner(uid: string) {
  return { apiVersion: "v1", kind: "ConfigMap", name: "o", uid };
}

export const creating: Cases = {
  ...Object.fromEntries(
    Object.entries(badMeta).map(([what, [metadata, field]]) => [
      `${what} is 422 and named`,
      async (place: Place) => {
        refuses(await place.maps.create({ metadata }), 422, "Invalid", { fields: [field] });
      },
    ]),
  ),
  "a new object gets uid, version, time and namespace, and no generation": async (place) => {
    const name = place.name();
    answers(await place.maps.create(map(name)), 201, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        ...{ name, namespace: place.namespace, uid: /^[0-9a-f-]{36}$/, resourceVersion: /^\d+$/ },
        ...{ creationTimestamp: someTime, generation: absent },
      },
    });
  },
  "what a client says of uid and time does not count": async (place) => {
    const metadata = { name: place.name(), uid: "mine", creationTimestamp: "2001-01-01T00:00:00Z", generation: 7 };
    answers(await place.maps.create({ metadata }), 201, {
      metadata: { uid: (uid: unknown) => uid !== "mine", creationTimestamp: /^20[2-9]/ },
    });
  },
  "kind and apiVersion may be left out for a built-in kind": async (place) => {
    answers(await place.maps.create({ metadata: { name: place.name() } }), 201, {
      kind: "ConfigMap",
      apiVersion: "v1",
    });
  },
  "kind and apiVersion may not be left out for a custom kind": async (place) => {
    refuses(await place.widgets.create({ metadata: { name: place.name() }, spec: { size: 1 } }), 400, "BadRequest", {
      message: /Object 'Kind' is missing/,
    });
  },
  "the same name again is 409 AlreadyExists": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.create(map(name)), 409, "AlreadyExists", {
      message: `configmaps "${name}" already exists`,
      details: { name, kind: "configmaps" },
    });
  },
  "generateName makes a name of five more characters": async (place) => {
    answers(await place.maps.create({ metadata: { generateName: "gen-" } }), 201, {
      metadata: { name: /^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/, generateName: "gen-" },
    });
  },
  "generateName makes another name each time": async (place) => {
    const [one, two] = [
      await made(place.maps.create({ metadata: { generateName: "gen-" } })),
      await made(place.maps.create({ metadata: { generateName: "gen-" } })),
    ];
    fits(stringAt(one, "metadata", "name") !== stringAt(two, "metadata", "name"), true);
  },
  "a long generateName is cut so that the name fits": async (place) => {
    const answer = await place.maps.create({ metadata: { generateName: "g".repeat(80) } });
    const name = stringAt(answers(answer, 201), "metadata", "name") ?? "";
    fits(name.length, 63);
  },
  "a version of an object that is to be made is 500": async (place) => {
    refuses(await place.maps.create({ metadata: { name: "x", resourceVersion: "5" } }), 500, absent, {
      message: "resourceVersion should not be set on objects to be created",
    });
  },
  "a namespace that does not exist is 404": async (place) => {
    refuses(await place.in("configmaps", "no-such-namespace").create(map("x")), 404, "NotFound", {
      message: 'namespaces "no-such-namespace" not found',
      details: { name: "no-such-namespace", kind: "namespaces" },
    });
  },
  "another namespace in the body is 400": async (place) => {
    refuses(await place.maps.create({ metadata: { name: "x", namespace: "other" } }), 400, "BadRequest", {
      message: "the namespace of the provided object does not match the namespace sent on the request",
    });
  },
  "another kind in the body is 400": async (place) => {
    refuses(await place.maps.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "x" } }), 400, "BadRequest");
  },
  "a body that is no JSON is 400": async (place) => {
    refuses(await place.maps.create("{"), 400, "BadRequest", { message: /^the object provided is unrecognized/ });
  },
  "a body of an unknown type is 415": async (place) => {
    refuses(await place.maps.send("POST", "", { body: "x", contentType: "text/csv" }), 415, "UnsupportedMediaType");
  },
  "a body may be YAML": async (place) => {
    const name = place.name();
    const body = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { a: "1" }\n`;
    answers(await place.maps.send("POST", "", { body, contentType: "application/yaml" }), 201, { data: { a: "1" } });
  },
  "a name in the URL of a create is 405": async (place) => {
    refuses(await place.maps.send("POST", "x", { body: map("x") }), 405, "MethodNotAllowed");
  },
  "a finalizer of a custom kind needs no domain": async (place) => {
    const name = place.name();
    const body = { ...widget(place, name), metadata: { name, finalizers: ["finalizer.example.com"] } };
    answers(await place.widgets.create(body), 201, { metadata: { finalizers: ["finalizer.example.com"] } });
    await made(place.widgets.merge(name, { metadata: { finalizers: null } }));
  },
  "a Service name with a dot is 422": async (place) => {
    refuses(await place.in("services").create(service("my.web")), 422, "Invalid", { fields: ["metadata.name"] });
  },
  "the caller's managed fields are the server's business": async (place) => {
    const metadata = { name: place.name() };
    answers(await place.maps.create({ metadata, data: { a: "1" } }, { fieldManager: "me" }), 201, {
      metadata: {
        managedFields: [
          {
            ...{ manager: "me", operation: "Update", apiVersion: "v1", time: someTime, fieldsType: "FieldsV1" },
            fieldsV1: { "f:data": { "f:a": {} } },
          },
        ],
      },
    });
  },
  "without a fieldManager the user agent's first word is the manager": async (place) => {
    answers(await place.maps.create(map(place.name())), 201, {
      metadata: { managedFields: [{ manager: "conformance" }] },
    });
  },
};

export const dryRun: Cases = {
  "a create that is tried answers 201 and leaves nothing": async (place) => {
    const name = place.name();
    answers(await place.maps.create(map(name), { dryRun: "All" }), 201, {
      metadata: { name, uid: someText, resourceVersion: absent },
    });
    refuses(await place.maps.get(name), 404, "NotFound");
  },
  "an update that is tried answers with the change and keeps the object": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.merge(name, { data: { a: "2" } }, { dryRun: "All" }), 200, { data: { a: "2" } });
    answers(await place.maps.get(name), 200, { data: { a: "1" } });
  },
  "a deletion that is tried leaves the object": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.remove(name, undefined, { dryRun: "All" }), 200);
    answers(await place.maps.remove(name, { dryRun: ["All"] }), 200);
    answers(await place.maps.get(name), 200, { metadata: { deletionTimestamp: absent } });
  },
  "an apply that is tried makes nothing": async (place) => {
    const name = place.name();
    answers(await place.maps.apply(name, map(name), { fieldManager: "m", dryRun: "All" }), 201);
    refuses(await place.maps.get(name), 404, "NotFound");
  },
  "a trial is validated like a write": async (place) => {
    refuses(await place.maps.create({ metadata: { name: "A" } }, { dryRun: "All" }), 422, "Invalid");
  },
  "another value than All is 422": async (place) => {
    refuses(await place.maps.create(map(place.name()), { dryRun: "Some" }), 422, "Invalid", { fields: ["dryRun"] });
  },
  "uid stays the one of the object in a trial": async (place) => {
    const name = await madeMap(place);
    const old = answers(await place.maps.get(name), 200);
    fits(uidOf(answers(await place.maps.merge(name, { data: { b: "1" } }, { dryRun: "All" }), 200)), uidOf(old));
  },
};
