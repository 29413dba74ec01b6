import { type JsonObject, objectAt, objectsAt } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { made, widget } from "../objects.ts";
import { type Place, until } from "../place.ts";
import { definition, widgetDefinition } from "../widget.ts";

/** Specs that the Widget's schema refuses, and the field it names. */
const wrong: Record<string, [spec: JsonObject, field: string, message?: RegExp]> = {
  "a required field is missing": [{ size: undefined }, "spec.size", /Required value/],
  "a text instead of a number": [{ size: "1" }, "spec.size", /must be of type integer: "string"/],
  "a fraction instead of an integer": [{ size: 1.5 }, "spec.size"],
  "below the minimum": [{ size: 0 }, "spec.size", /should be greater than or equal to 1/],
  "above the maximum": [{ size: 11 }, "spec.size", /should be less than or equal to 10/],
  "not above an exclusive minimum": [{ ratio: 0 }, "spec.ratio"],
  "none of the enum": [{ color: "blue" }, "spec.color", /Unsupported value: "blue": supported values: "red", "green"/],
  "against the pattern": [{ code: "A1" }, "spec.code", /should match '\^\[a-z\]\+\$'/],
  "too short": [{ code: "a" }, "spec.code", /should be at least 2 chars long/],
  "too long": [{ code: "abcde" }, "spec.code", /may not be more than 4 bytes/],
  "no date and time": [{ when: "yesterday" }, "spec.when"],
  "neither integer nor text": [{ target: true }, "spec.target"],
  "too many items": [{ plain: [1, 2, 3, 4] }, "spec.plain", /must have at most 3 items/],
  "an item of the wrong type": [{ plain: [1, "x"] }, "spec.plain[1]"],
  "an item twice in a set": [{ tags: ["a", "b", "a"] }, "spec.tags[2]", /Duplicate value/],
  "keys twice in a list map": [
    { parts: [{ name: "p" }, { name: "p", zone: "a" }] },
    "spec.parts[1]",
    /Duplicate value/,
  ],
  "a list map's item without its key": [{ parts: [{ zone: "a" }] }, "spec.parts[0].name", /Required value/],
  "none of oneOf": [
    { choice: {} },
    "spec.choice.left",
    /"spec.choice" must validate one and only one schema \(oneOf\)\. Found none valid/,
  ],
  "both of oneOf": [
    { choice: { left: "a", right: "b" } },
    "<nil>",
    /"spec.choice" must validate one and only one schema \(oneOf\)\. Found 2 valid alternatives/,
  ],
  "a value of the wrong type in a map": [{ labels: { a: 1 } }, "spec.labels.a"],
};

/** Specs and what the server stores of them. */
const kept: Record<string, [spec: JsonObject, stored: JsonObject]> = {
  "a default is filled in": [{}, { color: "green" }],
  "a default is not filled into what is there": [{ color: "red" }, { color: "red" }],
  "a default is filled in below an object that is there": [{ nested: {} }, { nested: { level: 3 } }],
  "no default is filled in below an object that is not there": [{}, { nested: absent }],
  "null is replaced by the default": [{ color: null }, { color: "green" }],
  "null stays where it is allowed": [{ note: null }, { note: null }],
  "null for a field without default is dropped": [{ code: null }, { code: absent }],
  "an unknown field is pruned": [{ nonsense: { a: 1 } }, { nonsense: absent }],
  "an unknown field below an object that keeps them stays": [{ open: { a: { b: 1 } } }, { open: { a: { b: 1 } } }],
  "an unknown field of a list item is pruned": [
    { parts: [{ name: "p", x: 1 }] },
    { parts: [{ name: "p", x: absent }] },
  ],
  "a key's default is filled into a list item": [{ parts: [{ name: "p" }] }, { parts: [{ name: "p", zone: "a" }] }],
  "an integer stays one where texts are allowed": [{ target: 80 }, { target: 80 }],
  "a text stays one where integers are allowed": [{ target: "http" }, { target: "http" }],
  "one of oneOf": [{ choice: { left: "a" } }, { choice: { left: "a" } }],
  "items of one name in two zones": [
    { parts: [{ name: "p" }, { name: "p", zone: "b" }] },
    { parts: [{ zone: "a" }, { zone: "b" }] },
  ],
};

export const schemas: Cases = {
  ...rows(
    wrong,
    (sentence) => `refused: ${sentence}`,
    async (place, [spec, field, message]) => {
      const answer = await place.widgets.create(widget(place, place.name(), spec));
      const refusal = refuses(answer, 422, "Invalid", message && { message });
      fits(
        objectsAt(refusal, "details", "causes")
          .map((cause) => cause.field)
          .includes(field),
        true,
        `a cause at ${field}`,
      );
    },
  ),
  ...rows(
    kept,
    (sentence) => `stored: ${sentence}`,
    async (place, [spec, stored]) => {
      answers(await place.widgets.create(widget(place, place.name(), spec)), 201, { spec: stored });
    },
  ),
  "a refusal names kind, group and every field": async (place) => {
    const name = place.name();
    refuses(await place.widgets.create(widget(place, name, { size: 0, color: "blue" })), 422, "Invalid", {
      message: (text: unknown) => String(text).startsWith(`Widget.${place.group} "${name}" is invalid: [`),
      details: { name, group: place.group, kind: "Widget" },
    });
  },
  "an update is validated, too": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name)));
    refuses(await place.widgets.merge(name, { spec: { size: 99 } }), 422, "Invalid", { fields: ["spec.size"] });
  },
};

/** Definitions that are refused: what is changed of a good one, and the fields named. */
const badDefinitions: Record<
  string,
  [change: (good: JsonObject, place: Place) => JsonObject, fields: string[] | undefined]
> = {
  "a name that is not plural.group": [(good) => ({ ...good, metadata: { name: "x.y.z" } }), ["metadata.name"]],
  "an unknown scope": [(good) => withSpec(good, { scope: "Odd" }), ["spec.scope"]],
  "no schema": [(good) => withVersion(good, { schema: undefined }), undefined],
  "a property without a type": [
    (good) => withVersion(good, { schema: { openAPIV3Schema: { type: "object", properties: { a: {} } } } }),
    ["spec.validation.openAPIV3Schema.properties[a].type"],
  ],
  "two versions of one name": [
    (good) =>
      withSpec(good, { versions: objectsAt(good, "spec", "versions").flatMap((v) => [v, { ...v, storage: false }]) }),
    ["spec.versions"],
  ],
  "a plural in capitals": [
    (good, place) =>
      withSpec(
        { ...good, metadata: { name: `Gizmos.${place.group}` } },
        { names: { plural: "Gizmos", kind: "Gizmo" } },
      ),
    ["metadata.name", "spec.names.plural"],
  ],
  "a conversion that there is not": [
    (good) => withSpec(good, { conversion: { strategy: "Odd" } }),
    ["spec.conversion.strategy"],
  ],
  "a column without a path": [
    (good) => withVersion(good, { additionalPrinterColumns: [{ name: "A", type: "string", jsonPath: "x" }] }),
    ["spec.additionalPrinterColumns[0].JSONPath"],
  ],
  "a schema of something else than an object": [
    (good) => withVersion(good, { schema: { openAPIV3Schema: { type: "array", items: { type: "string" } } } }),
    ["spec.validation.openAPIV3Schema.type"],
  ],
  "no storage version": [(good) => withVersion(good, { storage: false }), undefined],
  "a group of k8s.io without approval": [
    (good) => withSpec({ ...good, metadata: { name: "gizmos.conformance.k8s.io" } }, { group: "conformance.k8s.io" }),
    ["metadata.annotations[api-approved.kubernetes.io]"],
  ],
};

function gizmos(place: Place, plural = "gizmos", kind = "Gizmo"): JsonObject {
  const [version] = objectsAt(widgetDefinition(place), "spec", "versions");
  return definition(place, { plural, kind, version: version ?? {} });
}

function withSpec(good: JsonObject, change: JsonObject): JsonObject {
  return { ...good, spec: { ...objectAt(good, "spec"), ...change } };
}

function withVersion(good: JsonObject, change: JsonObject): JsonObject {
  return withSpec(good, {
    versions: objectsAt(good, "spec", "versions").map((version) => ({ ...version, ...change })),
  });
}

export const definitions: Cases = {
  ...rows(
    badDefinitions,
    (what) => `${what} is 422`,
    async (place, [change, fields]) => {
      const answer = await place.definitions.create(change(gizmos(place), place), { dryRun: "All" });
      refuses(answer, 422, "Invalid", fields ? { fields } : {});
    },
  ),
  "what a definition leaves out is filled in": async (place) => {
    answers(await place.definitions.create(gizmos(place), { dryRun: "All" }), 201, {
      spec: { names: { singular: "gizmo", listKind: "GizmoList" }, conversion: { strategy: "None" } },
    });
  },
  "a definition is established and remembers its versions": async (place) => {
    answers(await place.definitions.get(`widgets.${place.group}`), 200, {
      status: {
        conditions: [
          { type: "NamesAccepted", status: "True", reason: "NoConflicts" },
          { type: "Established", status: "True", reason: "InitialNamesAccepted" },
        ],
        ...{ acceptedNames: { plural: "widgets" }, storedVersions: ["v1"] },
      },
    });
  },
  "a definition's objects go with it": async (place) => {
    await made(place.definitions.create(gizmos(place)));
    const name = `gizmos.${place.group}`;
    const collection = place.in(`${place.group}/v1/gizmos`);
    await until(async () => (await collection.list()).status === 200);
    await made(collection.create({ ...widget(place, "g"), kind: "Gizmo" }));
    await made(place.definitions.remove(name));
    await until(async () => (await place.definitions.get(name)).status === 404);
    await until(async () => (await collection.list()).status === 404);
  },
  "a group cannot change": async (place) => {
    const patch = { spec: { group: "other.dev" } };
    const answer = await place.definitions.merge(`widgets.${place.group}`, patch, { dryRun: "All" });
    fits(answer.status, 422);
    fits(answer.body, { message: someText });
  },
};
