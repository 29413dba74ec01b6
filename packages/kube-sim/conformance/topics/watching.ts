import { objectsAt, stringAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { asTable } from "../collection.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { made, madeMap, map, versionOf, widget } from "../objects.ts";
import type { Place } from "../place.ts";
import type { Watch } from "../watch.ts";

/** The version of a list now: where a watch goes on. */
const now = async (place: Place) => versionOf(answers(await place.maps.list({ limit: "1" }), 200));

/** Opens a watch on ConfigMaps, lets the case use it and ends it. */
async function watching(
  place: Place,
  query: Record<string, string>,
  use: (watch: Watch) => Promise<void>,
  accept?: string,
) {
  const watch = await place.maps.watch(query, accept);
  try {
    fits(watch.status, 200, "the status of the watch");
    await use(watch);
  } finally {
    watch.stop();
  }
}

const byName = (name: string) => ({ fieldSelector: `metadata.name=${name}` });

export const watches: Cases = {
  "from a version on: what was made, changed and deleted, in order": async (place) => {
    const name = place.name();
    await watching(place, { resourceVersion: await now(place), ...byName(name) }, async (watch) => {
      await made(place.maps.create(map(name)));
      await made(place.maps.merge(name, { data: { a: "2" } }));
      await made(place.maps.remove(name));
      fits(await watch.take(3), [
        { type: "ADDED", object: { kind: "ConfigMap", apiVersion: "v1", metadata: { name }, data: { a: "1" } } },
        { type: "MODIFIED", object: { data: { a: "2" } } },
        { type: "DELETED", object: { data: { a: "2" } } },
      ]);
    });
  },
  "versions grow from event to event, a deletion has its own": async (place) => {
    const name = place.name();
    await watching(place, { resourceVersion: await now(place), ...byName(name) }, async (watch) => {
      await made(place.maps.create(map(name)));
      await made(place.maps.remove(name));
      const [added, deleted] = (await watch.take(2)).map((event) => Number(versionOf(event.object)));
      fits(Number(deleted) > Number(added), true);
    });
  },
  "what happened since a version is told": async (place) => {
    const from = await now(place);
    const name = await madeMap(place);
    await made(place.maps.merge(name, { data: { a: "2" } }));
    await watching(place, { resourceVersion: from, ...byName(name) }, async (watch) => {
      fits(await watch.take(2), [{ type: "ADDED" }, { type: "MODIFIED" }]);
    });
  },
  "without a version it starts with what there is": async (place) => {
    const name = await madeMap(place);
    for (const query of [{}, { resourceVersion: "0" }]) {
      await watching(place, { ...query, ...byName(name) }, async (watch) => {
        fits(await watch.take(1), [{ type: "ADDED", object: { metadata: { name } } }]);
      });
    }
  },
  "to a watch with a selector, what fits no longer is deleted and what fits now is new": async (place) => {
    const name = await madeMap(place);
    const labelSelector = `show=${name}`;
    await watching(place, { resourceVersion: await now(place), labelSelector }, async (watch) => {
      await made(place.maps.merge(name, { metadata: { labels: { show: name } } }));
      await made(place.maps.merge(name, { data: { a: "3" } }));
      await made(place.maps.merge(name, { metadata: { labels: { show: "no" } } }));
      fits(await watch.take(3), [{ type: "ADDED" }, { type: "MODIFIED" }, { type: "DELETED" }]);
    });
  },
  "a write that changes nothing is no event": async (place) => {
    const name = await madeMap(place);
    await watching(place, { resourceVersion: await now(place), ...byName(name) }, async (watch) => {
      await made(place.maps.merge(name, { data: { a: "1" } }));
      await made(place.maps.merge(name, { data: { a: "2" } }));
      fits(await watch.take(1), [{ type: "MODIFIED", object: { data: { a: "2" } } }]);
    });
  },
  "a deletion that waits for a finalizer is a change first": async (place) => {
    const name = place.name();
    await made(place.maps.create({ ...map(name), metadata: { name, finalizers: ["a.dev/x"] } }));
    await watching(place, { resourceVersion: await now(place), ...byName(name) }, async (watch) => {
      await made(place.maps.remove(name));
      await made(place.maps.merge(name, { metadata: { finalizers: null } }));
      fits(await watch.take(2), [
        { type: "MODIFIED", object: { metadata: { deletionTimestamp: someText } } },
        { type: "DELETED" },
      ]);
    });
  },
  "timeoutSeconds ends it": async (place) => {
    await watching(
      place,
      { resourceVersion: await now(place), timeoutSeconds: "1", ...byName("nobody") },
      async (watch) => {
        fits(await watch.next(), undefined);
      },
    );
  },
  "sendInitialEvents tells all there is, then a bookmark that says so": async (place) => {
    const name = await madeMap(place);
    const query = { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: "true" };
    await watching(place, { ...query, ...byName(name) }, async (watch) => {
      fits(await watch.take(2), [
        { type: "ADDED", object: { metadata: { name } } },
        {
          type: "BOOKMARK",
          object: {
            kind: "ConfigMap",
            metadata: { resourceVersion: /^\d+$/, annotations: { "k8s.io/initial-events-end": "true" } },
          },
        },
      ]);
    });
  },
  "sendInitialEvents without resourceVersionMatch is 422": async (place) => {
    refuses(await place.maps.list({ watch: "1", sendInitialEvents: "true" }), 422, "Invalid", {
      fields: ["resourceVersionMatch"],
    });
  },
  "events can be rows of a table; only the first has the columns": async (place) => {
    const name = place.name();
    await watching(
      place,
      { resourceVersion: await now(place), ...byName(name) },
      async (watch) => {
        await made(place.maps.create(map(name)));
        await made(place.maps.merge(name, { data: { b: "2" } }));
        fits(await watch.take(2), [
          {
            type: "ADDED",
            object: { kind: "Table", columnDefinitions: [{}, {}, {}], rows: [{ cells: [name, 1, someText] }] },
          },
          {
            type: "MODIFIED",
            object: { kind: "Table", columnDefinitions: null, rows: [{ cells: [name, 2, someText] }] },
          },
        ]);
      },
      asTable,
    );
  },
  "a version that is no number is refused": async (place) => {
    const { status } = await place.maps.list({ watch: "1", resourceVersion: "abc" });
    fits(status >= 400, true, `status ${status}`);
  },
  "the path of one object is read, not watched": async (place) => {
    const name = await madeMap(place);
    answers(await place.maps.get(name, { watch: "1" }), 200, { kind: "ConfigMap", metadata: { name } });
  },
  "deleting a collection tells of every object": async (place) => {
    const group = place.name();
    for (const part of ["a", "b"]) {
      await made(place.maps.create({ metadata: { name: `${group}-${part}`, labels: { group } } }));
    }
    const labelSelector = `group=${group}`;
    await watching(place, { resourceVersion: await now(place), labelSelector }, async (watch) => {
      const list = answers(await place.maps.remove("", undefined, { labelSelector }), 200, { kind: "ConfigMapList" });
      fits(objectsAt(list, "items").length, 2);
      fits(await watch.take(2), [{ type: "DELETED" }, { type: "DELETED" }]);
    });
  },
  "a custom kind is watched like a built-in one": async (place) => {
    const name = place.name();
    const from = versionOf(answers(await place.widgets.list(), 200));
    const watch = await place.widgets.watch({ resourceVersion: from, ...byName(name) });
    await made(place.widgets.create(widget(place, name)));
    fits(await watch.take(1), [{ type: "ADDED", object: { kind: "Widget", spec: { color: "green" } } }]);
    watch.stop();
  },
  "a list's version is where its watch begins: nothing comes twice": async (place) => {
    const name = await madeMap(place);
    const list = answers(await place.maps.list(byName(name)), 200);
    await watching(place, { resourceVersion: versionOf(list), ...byName(name) }, async (watch) => {
      await made(place.maps.merge(name, { data: { a: "2" } }));
      const [first] = await watch.take(1);
      fits(first, { type: "MODIFIED" });
      fits(stringAt(first?.object, "data", "b"), absent);
    });
  },
};
