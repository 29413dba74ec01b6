import type { JsonObject } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, fits, refuses } from "../expect.ts";
import { made, map, widget } from "../objects.ts";

const owner = (change: JsonObject) => ({
  ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "1", ...change }],
});

/** Metadata that is refused, the field and the end of what is said. */
const wrong: Record<string, [metadata: JsonObject, field: string, said: RegExp]> = {
  "an owner without uid": [owner({ uid: undefined }), "metadata.ownerReferences.uid", /must not be empty$/],
  "an owner without kind": [owner({ kind: undefined }), "metadata.ownerReferences.kind", /must not be empty$/],
  "an owner of no version": [
    owner({ apiVersion: "a/b/c" }),
    "metadata.ownerReferences.apiVersion",
    /version must not be empty$/,
  ],
  "an Event as owner": [owner({ kind: "Event" }), "metadata.ownerReferences", /is disallowed from being an owner$/],
  "a label's key with two slashes": [
    { labels: { "a/b/c": "x" } },
    "metadata.labels",
    /and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
  ],
  "a label's key of 64 characters": [
    { labels: { ["a".repeat(64)]: "x" } },
    "metadata.labels",
    /name part must be no more than 63 bytes$/,
  ],
  "a label's key with a bad prefix": [
    { labels: { "A_B/x": "x" } },
    "metadata.labels",
    /"A_B\/x": prefix part a lowercase/,
  ],
  "a finalizer with a space": [{ finalizers: ["x.dev/a b"] }, "metadata.finalizers", /name part must consist of/],
};

export const metadata: Cases = {
  ...rows(
    wrong,
    (what) => `${what} is 422, of any kind`,
    async (place, [given, field, message]) => {
      const name = place.name();
      refuses(await place.maps.create({ metadata: { name, ...given } }), 422, "Invalid", { fields: [field], message });
      const body = widget(place, name);
      refuses(await place.widgets.create({ ...body, metadata: { name, ...given } }), 422, "Invalid", {
        ...{ fields: [field], message },
      });
    },
  ),
  "an owner without uid is 422 when it is patched in": async (place) => {
    const name = place.name();
    await made(place.maps.create(map(name)));
    const refusal = refuses(await place.maps.merge(name, { metadata: owner({ uid: null }) }), 422, "Invalid");
    const why = 'metadata.ownerReferences.uid: Invalid value: "": must not be empty';
    fits(refusal, { message: `ConfigMap "${name}" is invalid: ${why}` });
  },
  "an owner counts once, and a warning says so": async (place) => {
    const name = place.name();
    const { ownerReferences } = owner({});
    const body = { metadata: { name, ownerReferences: [...ownerReferences, ...ownerReferences] } };
    const answer = await place.maps.create(body);
    answers(answer, 201, { metadata: { ownerReferences } });
    fits(answer.warnings.length, 1);
    fits(answer.warnings[0], /ownerReferences contains duplicate entries.*duplicate UID\(s\) observed: 1"$/);
  },
  "a custom kind's finalizer without a domain is a warning": async (place) => {
    const name = place.name();
    const answer = await place.widgets.create({ ...widget(place, name), metadata: { name, finalizers: ["plain"] } });
    answers(answer, 201);
    fits(answer.warnings, [/metadata\.finalizers: \\"plain\\": prefer a domain-qualified finalizer name/]);
    await made(place.widgets.merge(name, { metadata: { finalizers: null } }));
  },
  "a prefix that makes no name is named beside the name": async (place) => {
    refuses(await place.maps.create({ metadata: { generateName: "Bad_" } }), 422, "Invalid", {
      fields: ["metadata.generateName", "metadata.name"],
    });
  },
  "a name that waits for finalizers is taken: 409": async (place) => {
    const name = place.name();
    await made(place.maps.create({ metadata: { name, finalizers: ["x.dev/wait"] } }));
    await made(place.maps.remove(name));
    refuses(await place.maps.create(map(name)), 409, "AlreadyExists", {
      message: `object is being deleted: configmaps "${name}" already exists`,
    });
    await made(place.maps.merge(name, { metadata: { finalizers: null } }));
  },
  "a custom object of another kind is 422": async (place) => {
    refuses(await place.widgets.create({ ...widget(place, place.name()), kind: "Gadget" }), 422, "Invalid", {
      message: /is invalid: kind: Invalid value: "Gadget": must be Widget$/,
    });
  },
  "null in a map is dropped": async (place) => {
    const body = widget(place, place.name(), { labels: { a: null, b: "1" } });
    answers(await place.widgets.create(body), 201, { spec: { labels: { a: absent, b: "1" } } });
  },
};
