import { at, isObject, numberAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses } from "../expect.ts";
import { deployment, made, madeMap, map, service, versionOf, widget } from "../objects.ts";
import type { Place } from "../place.ts";

export const concurrency: Cases = {
  "an update of an old version is 409 Conflict": async (place) => {
    const name = await madeMap(place);
    const old = answers(await place.maps.get(name), 200);
    await made(place.maps.merge(name, { data: { a: "2" } }));
    refuses(await place.maps.replace(name, old), 409, "Conflict", {
      message: `Operation cannot be fulfilled on configmaps "${name}": the object has been modified; please apply your changes to the latest version and try again`,
      details: { name, kind: "configmaps" },
    });
  },
  "an update without a version overwrites a built-in kind": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.replace(name, map(name, { b: "2" })), 200, { data: { a: absent, b: "2" } });
  },
  "an update without a version is 422 for a custom kind": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name)));
    refuses(await place.widgets.replace(name, widget(place, name, { size: 2 })), 422, "Invalid", {
      fields: ["metadata.resourceVersion"],
    });
  },
  "an update of nothing is 404": async (place) => {
    refuses(await place.maps.replace("nothing", map("nothing")), 404, "NotFound");
  },
  "an update with another uid is 409": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.replace(name, { metadata: { name, uid: "other" } }), 409, "Conflict", {
      message: /Precondition failed: UID in precondition: other, UID in object meta: /,
    });
  },
  "an update with another name than the URL's is 400": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.replace(name, map("other")), 400, "BadRequest", {
      message: `the name of the object (other) does not match the name on the URL (${name})`,
    });
  },
  "an update that changes nothing makes no new version": async (place) => {
    const name = await madeMap(place);
    const old = answers(await place.maps.get(name), 200);
    fits(versionOf(answers(await place.maps.replace(name, old), 200)), versionOf(old));
  },
  "each change makes a larger version": async (place) => {
    const name = await madeMap(place);
    const old = answers(await place.maps.get(name), 200);
    const now = answers(await place.maps.merge(name, { data: { a: "2" } }), 200);
    fits(Number(versionOf(now)) > Number(versionOf(old)), true);
  },
  "a merge patch with an old version is 409": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, { metadata: { resourceVersion: "1" }, data: { a: "2" } }), 409, "Conflict");
  },
  "a patch cannot change uid or creation time": async (place) => {
    const name = await madeMap(place);
    const old = answers(await place.maps.get(name), 200);
    const answer = await place.maps.merge(name, { metadata: { creationTimestamp: "2001-01-01T00:00:00Z" } });
    fits(at(answers(answer, 200), "metadata", "creationTimestamp"), at(old, "metadata", "creationTimestamp"));
    refuses(await place.maps.merge(name, { metadata: { uid: "other" } }), 422, "Invalid", { fields: ["metadata.uid"] });
  },
  "a ConfigMap marked immutable stays as it is": async (place) => {
    const name = place.name();
    await made(place.maps.create({ ...map(name), immutable: true }));
    refuses(await place.maps.merge(name, { data: { a: "2" } }), 422, "Invalid", { fields: ["data"] });
    answers(await place.maps.merge(name, { metadata: { labels: { a: "b" } } }), 200);
  },
};

/** Changes of a Deployment and whether they raise its generation. */
const generations: Record<string, [patch: object, raises: number]> = {
  "spec raises it": [{ spec: { paused: true } }, 1],
  "the template raises it": [{ spec: { template: { metadata: { annotations: { a: "b" } } } } }, 1],
  "annotations raise it": [{ metadata: { annotations: { a: "b" } } }, 1],
  "labels do not": [{ metadata: { labels: { a: "b" } } }, 0],
  "status through the main resource is ignored": [{ status: { replicas: 7 } }, 0],
  "the value it has does not": [{ spec: { replicas: 0 } }, 0],
};

const generationOf = (object: unknown) => numberAt(object, "metadata", "generation") ?? 0;

export const generation: Cases = {
  ...Object.fromEntries(
    Object.entries(generations).map(([sentence, [patch, raises]]) => [
      `a Deployment's generation: ${sentence}`,
      async (place: Place) => {
        const name = place.name();
        fits(generationOf(await made(place.deployments.create(deployment(name)))), 1);
        const after = answers(await place.deployments.merge(name, patch), 200);
        fits(generationOf(after), 1 + raises);
      },
    ]),
  ),
  "a custom kind with a status subresource: spec raises it, status and labels do not": async (place) => {
    const name = place.name();
    fits(generationOf(await made(place.widgets.create(widget(place, name)))), 1);
    fits(generationOf(answers(await place.widgets.merge(name, { spec: { size: 2 } }), 200)), 2);
    fits(generationOf(answers(await place.widgets.merge(name, { metadata: { labels: { a: "b" } } }), 200)), 2);
    fits(generationOf(answers(await place.widgets.merge(name, { metadata: { annotations: { a: "b" } } }), 200)), 2);
    fits(generationOf(answers(await place.widgets.merge(`${name}/status`, { status: { phase: "x" } }), 200)), 2);
  },
  "an EndpointSlice and a Service": async (place) => {
    const name = place.name();
    const made1 = await made(place.in("services").create(service(name)));
    fits(isObject(made1) && generationOf(made1), 0);
    const slice = { metadata: { name }, addressType: "IPv4", endpoints: [{ addresses: ["10.1.2.3"] }], ports: [] };
    fits(generationOf(await made(place.in("discovery.k8s.io/v1/endpointslices").create(slice))), 1);
  },
};
