import { at } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { asMetadata, asMetadataList, asTable } from "../collection.ts";
import { absent, answers, fits, refuses, someText, someTime } from "../expect.ts";
import { deployment, made, madeMap, pod, threeMaps, widget } from "../objects.ts";

export const tables: Cases = {
  "a list can be a table": async (place) => {
    const labelSelector = await threeMaps(place);
    answers(await place.maps.list({ labelSelector }, asTable), 200, {
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: someText },
      columnDefinitions: [
        { name: "Name", type: "string", format: "name", priority: 0 },
        { name: "Data" },
        { name: "Age" },
      ],
      rows: [
        { cells: [/blue$/, 1, someText], object: { kind: "PartialObjectMetadata", metadata: { name: /blue$/ } } },
        {},
        {},
      ],
    });
  },
  "an object can be a table of one row": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.get(name, {}, asTable), 200, { kind: "Table", rows: [{ cells: [name, 1, someText] }] });
  },
  "includeObject=None leaves the objects out": async (place) => {
    const labelSelector = await threeMaps(place);
    const table = answers(await place.maps.list({ labelSelector, includeObject: "None" }, asTable), 200);
    fits(at(table, "rows", 0, "object") ?? null, null);
  },
  "includeObject=Object has them whole": async (place) => {
    const labelSelector = await threeMaps(place);
    answers(await place.maps.list({ labelSelector, includeObject: "Object" }, asTable), 200, {
      rows: [{ object: { kind: "ConfigMap", apiVersion: "v1", data: { a: "1" } } }, {}, {}],
    });
  },
  "the columns of a deployment": async (place) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    answers(await place.deployments.get(name, {}, asTable), 200, {
      columnDefinitions: ["Name", "Ready", "Up-to-date", "Available", "Age", "Containers", "Images", "Selector"].map(
        (title, index) => ({ name: title, priority: index > 4 ? 1 : 0 }),
      ),
      rows: [{ cells: [name, "0/0", 0, 0, someText, "app,side", "app:1,side:1", `app=${name}`] }],
    });
  },
  "the columns of a pod": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    answers(await place.in("pods").get(name, {}, asTable), 200, {
      rows: [{ cells: [name, "0/1", "Pending", "0", someText, "<none>", "<none>", "<none>", "<none>"] }],
    });
  },
  "a definition's printer columns are the columns": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name, { size: 7 })));
    answers(await place.widgets.get(name, {}, asTable), 200, {
      columnDefinitions: [
        { name: "Name", type: "string", format: "name" },
        { name: "Size", type: "integer", priority: 0 },
        { name: "Color", type: "string", priority: 1 },
        { name: "Age", type: "date", priority: 0 },
      ],
      rows: [{ cells: [name, 7, "green", someText] }],
    });
  },
  "an object can be its metadata only": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.get(name, {}, asMetadata), 200, {
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: { name, creationTimestamp: someTime },
      data: absent,
    });
  },
  "a list can be of metadata only": async (place) => {
    const labelSelector = await threeMaps(place);
    answers(await place.maps.list({ labelSelector }, asMetadataList), 200, {
      kind: "PartialObjectMetadataList",
      items: [{ metadata: { name: /blue$/ }, data: absent }, {}, {}],
    });
  },
  "a representation nobody has is 406": async (place) => {
    refuses(await place.maps.list({}, "text/html"), 406, "NotAcceptable");
  },
};
