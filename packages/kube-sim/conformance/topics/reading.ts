import { at, objectsAt, stringAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { made, madeMap, pod, threeMaps, widget } from "../objects.ts";
import type { Place } from "../place.ts";

/** The colours that a selector finds among the three. */
async function colors(place: Place, more: string): Promise<string[]> {
  const group = await threeMaps(place);
  const list = answers(await place.maps.list({ labelSelector: `${group}${more}` }), 200);
  return objectsAt(list, "items").map((item) => stringAt(item, "metadata", "labels", "color") ?? "");
}

const selectors: Record<string, [selector: string, found: string[]]> = {
  "key=value selects": [",color=red", ["red"]],
  "key==value selects": [",color==red", ["red"]],
  "key!=value selects the others": [",color!=red", ["blue", "green"]],
  "key in (…) selects": [",color in (red, blue)", ["blue", "red"]],
  "key notin (…) selects the others": [",color notin (red,blue)", ["green"]],
  "key selects objects that have it": [",color", ["blue", "green", "red"]],
  "!key selects objects without it": [",!color", []],
  "a key nobody has selects with !=": [",other!=x", ["blue", "green", "red"]],
};

const badSelectors: Record<string, string> = {
  "a===b": "a===b",
  "a=b=c": "a=b=c",
  "a in": "a in",
  "a value with a space": "a=b c",
  "a key with an illegal character": "a$=b",
};

export const paging: Cases = {
  "a page has as many items as asked for, and a token for the rest": async (place) => {
    const labelSelector = await threeMaps(place);
    const first = answers(await place.maps.list({ labelSelector, limit: "2" }), 200, {
      metadata: { continue: someText, remainingItemCount: absent },
      items: [{}, {}],
    });
    const token = stringAt(first, "metadata", "continue") ?? "";
    answers(await place.maps.list({ labelSelector, limit: "2", continue: token }), 200, {
      metadata: { continue: absent },
      items: [{ metadata: { name: /red$/ } }],
    });
  },
  "without a selector a page tells how many remain": async (place) => {
    await threeMaps(place);
    const list = answers(await place.maps.list(), 200);
    const total = objectsAt(list, "items").length;
    answers(await place.maps.list({ limit: "1" }), 200, { metadata: { remainingItemCount: total - 1 } });
  },
  "later pages show the version of the first": async (place) => {
    const labelSelector = await threeMaps(place);
    const first = answers(await place.maps.list({ labelSelector, limit: "1" }), 200);
    await madeMap(place);
    const token = stringAt(first, "metadata", "continue") ?? "";
    const second = answers(await place.maps.list({ labelSelector, limit: "1", continue: token }), 200);
    fits(at(second, "metadata", "resourceVersion"), at(first, "metadata", "resourceVersion"));
  },
  "a token that is none is 400": async (place) => {
    refuses(await place.maps.list({ limit: "1", continue: "nonsense" }), 400, "BadRequest");
  },
  "items are in the order of their names": async (place) => {
    fits(await colors(place, ""), ["blue", "green", "red"]);
  },
  "items carry no apiVersion and kind": async (place) => {
    const labelSelector = await threeMaps(place);
    answers(await place.maps.list({ labelSelector, limit: "1" }), 200, {
      kind: "ConfigMapList",
      apiVersion: "v1",
      items: [{ apiVersion: absent, kind: absent }],
    });
  },
  "items of custom kinds do carry them": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name)));
    answers(await place.widgets.list({ fieldSelector: `metadata.name=${name}` }), 200, {
      kind: "WidgetList",
      items: [{ kind: "Widget", apiVersion: `${place.group}/v1` }],
    });
  },
  "resourceVersion=0 lists": async (place) => {
    answers(await place.maps.list({ resourceVersion: "0" }), 200, { kind: "ConfigMapList" });
  },
  "a version of the future is 504 with a cause": async (place) => {
    refuses(await place.maps.list({ resourceVersion: "999999999999", timeoutSeconds: "1" }), 504, "Timeout", {
      message: /Too large resource version/,
      details: { causes: [{ reason: "ResourceVersionTooLarge" }] },
    });
  },
  "a version that is no number is 400": async (place) => {
    const answer = await place.maps.list({ resourceVersion: "abc" });
    fits([400, 422].includes(answer.status), true, `status ${answer.status}`);
  },
  "a list of all namespaces has objects of many": async (place) => {
    const name = await madeMap(place);
    const list = answers(
      await place
        .all("configmaps")
        .list({ fieldSelector: `metadata.name=${name},metadata.namespace=${place.namespace}` }),
      200,
    );
    fits(list, { items: [{ metadata: { namespace: place.namespace } }] });
  },
  "a namespace that does not exist has no objects": async (place) => {
    answers(await place.in("configmaps", "no-such-namespace").list(), 200, { items: [] });
  },
};

export const selecting: Cases = {
  ...Object.fromEntries(
    Object.entries(selectors).map(([sentence, [selector, found]]) => [
      sentence,
      async (place: Place) => fits(await colors(place, selector), found),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(badSelectors).map(([what, labelSelector]) => [
      `${what} is no label selector: 400`,
      async (place: Place) => {
        refuses(await place.maps.list({ labelSelector }), 400, "BadRequest", { message: /^unable to parse|^found / });
      },
    ]),
  ),
  "fields select by metadata.name": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.list({ fieldSelector: `metadata.name=${name}` }), 200, {
      items: [{ metadata: { name } }],
    });
  },
  "fields select pods by status.phase": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    const fieldSelector = `metadata.name=${name},status.phase=Pending`;
    answers(await place.in("pods").list({ fieldSelector }), 200, { items: [{ metadata: { name } }] });
    answers(await place.in("pods").list({ fieldSelector: `${fieldSelector.replace("=Pending", "!=Pending")}` }), 200, {
      items: [],
    });
  },
  "a field that a kind cannot be selected by is 400": async (place) => {
    refuses(await place.maps.list({ fieldSelector: "data.x=y" }), 400, "BadRequest", {
      message: /is not a known field selector/,
    });
  },
  "a field of a custom kind is 400": async (place) => {
    refuses(await place.widgets.list({ fieldSelector: "spec.size=1" }), 400, "BadRequest", {
      message: /field label not supported/,
    });
  },
  "a selector limits what is deleted together": async (place) => {
    const labelSelector = await threeMaps(place);
    answers(await place.maps.remove("", undefined, { labelSelector: `${labelSelector},color=red` }), 200);
    const list = answers(await place.maps.list({ labelSelector }), 200);
    fits(objectsAt(list, "items").length, 2);
  },
};
