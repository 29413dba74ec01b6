import { at, type JsonObject, objectAt, objectsAt, stringsAt } from "../../src/api/json.ts";
import type { Cases, Check } from "../case.ts";
import type { Collection } from "../collection.ts";
import { answers, fits, refuses } from "../expect.ts";
import { made } from "../objects.ts";
import { type Place, until } from "../place.ts";
import { definition } from "../widget.ts";

/** A definition of the case's own and where its objects are. */
interface Gadgets {
  name: string;
  kind: string;
  v1: Collection;
  v2: Collection;
  /** Changes the versions, until the server takes it. */
  change(change: (version: JsonObject) => JsonObject): Promise<void>;
}

const text = { type: "string" };
const spec = { type: "object", properties: { color: text, size: { type: "integer" } } };

const version = (name: string): JsonObject => ({
  ...{ name, served: true, storage: name === "v1" },
  schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
});

async function gadgets(place: Place): Promise<Gadgets> {
  const id = place.name().split("-")[0] ?? "";
  const [plural, kind] = [`gadgets${id}`, `Gadget${id}`];
  const body = definition(place, { plural, kind, version: version("v1") });
  const both = { ...body, spec: { ...objectAt(body, "spec"), versions: [version("v1"), version("v2")] } };
  await made(place.definitions.create(both));
  const [v1, v2] = [place.in(`${place.group}/v1/${plural}`), place.in(`${place.group}/v2/${plural}`)];
  for (const one of [v1, v2]) await until(async () => (await one.list()).status === 200);
  const name = `${plural}.${place.group}`;
  const change: Gadgets["change"] = (by) =>
    until(async () => {
      const present = objectAt((await place.definitions.get(name)).body);
      const versions = objectsAt(present, "spec", "versions").map(by);
      const { status } = await place.definitions.replace(name, {
        ...present,
        spec: { ...objectAt(present, "spec"), versions },
      });
      return status === 200;
    });
  return { name, kind, v1, v2, change };
}

const withGadgets =
  (check: (place: Place, own: Gadgets) => Promise<void>): Check =>
  async (place) => {
    const own = await gadgets(place);
    await check(place, own);
    await made(place.definitions.remove(own.name));
  };

const gadget = (place: Place, { kind }: Gadgets, name: string, fields: JsonObject): JsonObject => ({
  ...{ apiVersion: `${place.group}/v1`, kind, metadata: { name }, spec: fields },
});

export const evolvingDefinitions: Cases = {
  "kind, plural, group and scope stay: 422": withGadgets(async (place, { name }) => {
    const changes: [patch: JsonObject, field: string][] = [
      [{ names: { kind: "Other" } }, "spec.names.kind"],
      [{ names: { plural: "others" } }, "spec.names.plural"],
      [{ group: "other.dev" }, "spec.group"],
      [{ scope: "Cluster" }, "spec.scope"],
    ];
    for (const [patch, field] of changes) {
      const answer = await place.definitions.merge(name, { spec: patch });
      refuses(answer, 422, "Invalid", { fields: [field], message: /field is immutable$/ });
    }
  }),
  "a version that objects were stored in stays: 422": withGadgets(async (place, { name, change }) => {
    await change((one) => ({ ...one, storage: one.name === "v2" }));
    await until(async () => {
      const { body } = await place.definitions.get(name);
      return stringsAt(body, "status", "storedVersions").join() === "v1,v2";
    });
    const present = objectAt((await place.definitions.get(name)).body);
    const versions = objectsAt(present, "spec", "versions").filter((one) => one.name === "v2");
    const body = { ...present, spec: { ...objectAt(present, "spec"), versions } };
    refuses(await place.definitions.replace(name, body), 422, "Invalid", {
      ...{
        fields: ["status.storedVersions[0]"],
        message: /missing from spec\.versions; v1 was previously a storage version/,
      },
    });
  }),
  "what a stricter schema finds wrong is left alone until it is changed": withGadgets(async (place, own) => {
    await made(own.v1.create(gadget(place, own, "old", { color: "red" })));
    const strict = { ...spec, required: ["size"] };
    await own.change((one) => ({
      ...one,
      schema: { openAPIV3Schema: { type: "object", properties: { spec: strict } } },
    }));
    await until(async () => (await own.v1.create(gadget(place, own, "new", {}), { dryRun: "All" })).status === 422);
    answers(await own.v1.merge("old", { metadata: { labels: { a: "b" } } }), 200, { metadata: { labels: { a: "b" } } });
    refuses(await own.v1.merge("old", { spec: { color: "blue" } }), 422, "Invalid", { fields: ["spec.size"] });
  }),
  "users of a deprecated version are warned": withGadgets(async (place, { v1, v2, kind, change }) => {
    await change((one) => (one.name === "v1" ? { ...one, deprecated: true } : one));
    const text299 = `299 - "${place.group}/v1 ${kind} is deprecated; use ${place.group}/v2 ${kind}"`;
    await until(async () => (await v1.list()).warnings.includes(text299));
    fits((await v2.list()).warnings, []);
    await change((one) => (one.name === "v1" ? { ...one, deprecationWarning: "use v2" } : one));
    await until(async () => (await v1.get("nothing")).warnings.includes('299 - "use v2"'));
  }),
  "objects are selected by the fields that a version names": withGadgets(async (place, own) => {
    for (const color of ["red", "blue"]) await made(own.v1.create(gadget(place, own, color, { color })));
    await own.change((one) => ({ ...one, selectableFields: [{ jsonPath: ".spec.color" }] }));
    const names = async () => {
      const { status, body } = await own.v1.list({ fieldSelector: "spec.color=red" });
      return status === 200 ? objectsAt(body, "items").map((item) => at(item, "metadata", "name")) : [];
    };
    await until(async () => (await names()).join() === "red");
    refuses(await own.v1.list({ fieldSelector: "spec.size=1" }), 400, "BadRequest", {
      message: "field label not supported: spec.size",
    });
  }),
};
