import type { JsonObject } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, endsWith, fits, refuses } from "../expect.ts";
import { deployment, made, madeMap, map, widget } from "../objects.ts";
import type { Place } from "../place.ts";

/** Objects with one field too many, and how the server calls it. */
const unknown: Record<string, [kind: string, body: (place: Place, name: string) => JsonObject, field: string]> = {
  ConfigMap: ["configmaps", (_place, name) => ({ ...map(name), dat: { a: "1" } }), "dat"],
  "ConfigMap's metadata": ["configmaps", (_place, name) => ({ metadata: { name, lables: {} } }), "metadata.lables"],
  Deployment: [
    "apps/v1/deployments",
    (_place, name) => {
      const containers = [{ name: "app", image: "app:1", imagge: "x" }];
      const template = { metadata: { labels: { app: name } }, spec: { containers } };
      return { ...deployment(name), spec: { replicas: 0, selector: { matchLabels: { app: name } }, template } };
    },
    "spec.template.spec.containers[0].imagge",
  ],
  Lease: [
    "coordination.k8s.io/v1/leases",
    (_place, name) => ({ metadata: { name }, spec: { holder: "x" } }),
    "spec.holder",
  ],
};

export const fieldValidation: Cases = {
  ...rows(
    unknown,
    (what) => `Strict: an unknown field of ${what} is 400`,
    async (place, [kind, body, field]) => {
      const answer = await place.in(kind).create(body(place, place.name()), { fieldValidation: "Strict" });
      refuses(answer, 400, "BadRequest", { message: endsWith(`strict decoding error: unknown field "${field}"`) });
    },
  ),
  ...rows(
    unknown,
    (what) => `Warn: an unknown field of ${what} is a warning, and dropped`,
    async (place, [kind, body, field]) => {
      const answer = await place.in(kind).create(body(place, place.name()), { fieldValidation: "Warn" });
      answers(answer, 201, { dat: absent, metadata: { lables: absent } });
      fits(answer.warnings, [`299 - "unknown field \\"${field}\\""`]);
    },
  ),
  "Ignore: an unknown field is dropped silently": async (place) => {
    const answer = await place.maps.create({ ...map(place.name()), dat: {} }, { fieldValidation: "Ignore" });
    answers(answer, 201, { dat: absent });
    fits(answer.warnings, []);
  },
  "without the parameter it is Warn": async (place) => {
    const answer = await place.maps.create({ ...map(place.name()), dat: {} });
    answers(answer, 201, { dat: absent });
    fits(answer.warnings, ['299 - "unknown field \\"dat\\""']);
  },
  "Strict: an unknown field of a custom kind is 400": async (place) => {
    const body = widget(place, place.name(), { sizze: 1 });
    refuses(await place.widgets.create(body, { fieldValidation: "Strict" }), 400, "BadRequest", {
      message: endsWith('strict decoding error: unknown field "spec.sizze"'),
    });
  },
  "Warn: an unknown field of a custom kind is a warning, and dropped": async (place) => {
    const answer = await place.widgets.create(widget(place, place.name(), { sizze: 1 }), { fieldValidation: "Warn" });
    answers(answer, 201, { spec: { size: 1, sizze: absent } });
    fits(answer.warnings, ['299 - "unknown field \\"spec.sizze\\""']);
  },
  "Strict: all unknown fields are told": async (place) => {
    const answer = await place.maps.create({ ...map(place.name()), x: 1, y: 2 }, { fieldValidation: "Strict" });
    refuses(answer, 400, "BadRequest", { message: endsWith('unknown field "x", unknown field "y"') });
  },
  "Strict: an unknown field in a merge patch is 422": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.merge(name, { dat: { a: "1" } }, { fieldValidation: "Strict" }), 422, "Invalid", {
      message: /strict decoding error: unknown field \\?"dat\\?"/,
      fields: ["patch"],
    });
  },
  "Strict: an unknown field in a merge patch of a custom kind is 422": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name)));
    const query = { fieldValidation: "Strict" };
    refuses(await place.widgets.merge(name, { spec: { sizze: 1 } }, query), 422, "Invalid", {
      message: /strict decoding error: unknown field \\?"spec.sizze\\?"/,
      fields: ["patch"],
    });
  },
  "Warn: an unknown field in a merge patch is a warning": async (place) => {
    const name = await madeMap(place);
    const answer = await place.maps.merge(name, { dat: { a: "1" } }, { fieldValidation: "Warn" });
    answers(answer, 200, { dat: absent });
    fits(answer.warnings, ['299 - "unknown field \\"dat\\""']);
  },
  "Strict: a field that is given twice is 400": async (place) => {
    const body = `{"metadata":{"name":"${place.name()}"},"data":{},"data":{}}`;
    refuses(await place.maps.create(body, { fieldValidation: "Strict" }), 400, "BadRequest", {
      message: endsWith('strict decoding error: duplicate field "data"'),
    });
  },
  "another value is 422": async (place) => {
    refuses(await place.maps.create(map(place.name()), { fieldValidation: "Odd" }), 422, "Invalid", {
      fields: ["fieldValidation"],
    });
  },
};
