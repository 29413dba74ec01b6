import { describe, expect, test } from "vitest";
import { createObjectStore } from "./informer-store.ts";
import type { ConfigMap } from "./objects/configuration.ts";

function configMap(name: string, resourceVersion: string, uid = `uid-${name}`): ConfigMap {
  return { metadata: { name, namespace: "shop", resourceVersion, uid }, data: { color: "größer" } };
}

for (const [form, asText] of Object.entries({ "as they are": false, "as text": true })) {
  describe(`a store that keeps objects ${form}`, () => {
    function filledStore() {
      const store = createObjectStore<ConfigMap>({ asText, onListenerError: (err) => expect.unreachable(String(err)) });
      const list = store.replacement();
      list.add([configMap("a", "1")]);
      list.add([configMap("b", "2")]);
      expect(store.list(), "before the last page").toEqual([]);
      list.finish();
      const told: unknown[] = [];
      store.on((e) => told.push([e.type, e.object, ...(e.type === "updated" ? [e.old] : [])]));
      return { store, told };
    }

    test("hands them out", () => {
      const { store } = filledStore();
      expect([...store.keys()]).toEqual(["shop/a", "shop/b"]);
      expect(store.list()).toEqual([configMap("a", "1"), configMap("b", "2")]);
      expect(store.get("shop", "a")).toEqual(configMap("a", "1"));
      expect(store.get("shop", "c")).toBeUndefined();
    });

    test("tells what changed and what was before, each version once", () => {
      const { store, told } = filledStore();
      for (let times = 0; times < 2; times++) store.apply("MODIFIED", configMap("a", "3"));
      store.apply("ADDED", configMap("a", "4", "uid-new"));
      store.apply("DELETED", configMap("b", "5"));
      expect(told).toEqual([
        ["updated", configMap("a", "3"), configMap("a", "1")],
        ["deleted", configMap("a", "3")],
        ["added", configMap("a", "4", "uid-new")],
        ["deleted", configMap("b", "5")],
      ]);
    });
  });
}
