import { describe, expect, it } from "vitest";
import { parseSelector, type Selector, selectorMetadata } from "./selector.ts";
import { changesBetween, type FlagSnapshot } from "./snapshot.ts";
import { createFlagStore } from "./store.ts";
import { toSyncDocument } from "./sync-document.ts";

const all: Selector = { kind: "all" };

function flag(on: string, metadata?: object): object {
  return { state: "ENABLED", variants: { a: "A", b: "B" }, defaultVariant: on, ...(metadata && { metadata }) };
}

/** What each flag of the view is: source and default variant. */
function seen(snapshot: FlagSnapshot, selector: Selector = all): Record<string, string> {
  const view = snapshot.view(selector);
  return Object.fromEntries(
    [...view].map(([key, { flag: f, source }]) => [key, `${source}:${f.definition.defaultVariant}`]),
  );
}

describe("flag store", () => {
  it("lets the later source win, whichever was read last", () => {
    const store = createFlagStore(["low", "high"]);
    store.update("high", { flags: { x: flag("a") } });
    store.update("low", { flags: { x: flag("b"), y: flag("b") } });
    expect(seen(store.snapshot())).toEqual({ x: "high:a", y: "low:b" });
  });

  it("brings a flag of the earlier source back as soon as the later one drops it", () => {
    const store = createFlagStore(["low", "high"]);
    store.update("low", { flags: { x: flag("b") } });
    store.update("high", { flags: { x: flag("a") } });
    store.update("high", { flags: {} });
    expect(seen(store.snapshot())).toEqual({ x: "low:b" });
  });

  it("keeps the last good version of a source whose document is rejected", () => {
    const store = createFlagStore(["s"]);
    store.update("s", { flags: { x: flag("a") } });
    const before = store.snapshot();
    expect(store.update("s", { flags: { x: flag("nope") } })).toMatchObject({ ok: false });
    expect(store.update("s", {})).toMatchObject({ ok: false });
    expect(store.snapshot()).toBe(before);
  });

  it("makes no new version when nothing changed, and compiles only what did", () => {
    const store = createFlagStore(["s"]);
    store.update("s", { flags: { x: flag("a"), y: flag("a") } });
    const before = store.snapshot();
    expect(store.update("s", { flags: { x: flag("a"), y: flag("a") } })).toMatchObject({ ok: true, changed: false });
    expect(store.snapshot()).toBe(before);
    store.update("s", { flags: { x: flag("a"), y: flag("b") } });
    const after = store.snapshot();
    expect(after.version).toBe(before.version + 1);
    expect(after.get("x", all)).toBe(before.get("x", all));
  });

  it("tells listeners both versions until they stop listening", () => {
    const store = createFlagStore(["s"]);
    const versions: number[][] = [];
    const stop = store.onChange((after, before) => versions.push([before.version, after.version]));
    store.update("s", { flags: { x: flag("a") } });
    stop();
    store.update("s", { flags: {} });
    expect(versions).toEqual([[0, 1]]);
  });

  it("refuses a source it does not know", () => {
    expect(() => createFlagStore(["a", "b"]).update("c", {})).toThrow('source "c" is unknown, expected one of: a, b');
  });

  describe("with flag sets", () => {
    const store = createFlagStore(["one", "two"]);
    store.update("one", {
      metadata: { flagSetId: "set-1" },
      flags: { x: flag("a"), shared: flag("a"), y: flag("a", { flagSetId: "set-2" }) },
    });
    store.update("two", { flags: { x: flag("b"), free: flag("b") } });

    const views: Record<string, Record<string, string>> = {
      "": { free: "two:b", shared: "one:a", x: "two:b", y: "one:a" },
      "flagSetId=set-1": { shared: "one:a", x: "one:a" },
      "flagSetId=set-2": { y: "one:a" },
      "flagSetId=": { free: "two:b", x: "two:b" },
      "flagSetId=none": {},
      "source=one": { shared: "one:a", x: "one:a", y: "one:a" },
      two: { free: "two:b", x: "two:b" },
      "source=": {},
    };
    it.each(Object.entries(views))("selects with %j", (expression, flags) => {
      const parsed = parseSelector(expression);
      expect(parsed.ok && seen(store.snapshot(), parsed.selector)).toEqual(flags);
    });
  });
});

describe("selectors", () => {
  it("split at the first =", () => {
    expect(parseSelector("source=a=b,c")).toEqual({ ok: true, selector: { kind: "source", source: "a=b,c" } });
  });

  it("know two keys", () => {
    const message = 'invalid selector key "app", valid keys: "flagSetId", "source"';
    expect(parseSelector("app=x")).toEqual({ ok: false, message });
  });

  it("show in the metadata, but never an empty set", () => {
    expect(selectorMetadata({ kind: "flagSet", id: "s" })).toEqual({ flagSetId: "s" });
    expect(selectorMetadata({ kind: "flagSet", id: "" })).toEqual({});
    expect(selectorMetadata({ kind: "source", source: "f" })).toEqual({ source: "f" });
    expect(selectorMetadata(all)).toEqual({});
  });
});

describe("changesBetween", () => {
  it("tells new, changed and gone flags apart, metadata included", () => {
    const store = createFlagStore(["s"]);
    store.update("s", { flags: { same: flag("a"), changed: flag("a"), told: flag("a"), gone: flag("a") } });
    const before = store.snapshot().view(all);
    store.update("s", {
      flags: { same: flag("a"), changed: flag("b"), told: flag("a", { note: 1 }), fresh: flag("a") },
    });
    const changes = { gone: "delete", changed: "update", told: "update", fresh: "write" };
    expect(changesBetween(before, store.snapshot().view(all))).toEqual(changes);
  });
});

describe("toSyncDocument", () => {
  it("writes a document that stands alone", () => {
    const store = createFlagStore(["s"]);
    const targeting = { if: [{ $ref: "e" }, "a"] };
    store.update("s", {
      $evaluators: { e: { var: "x" } },
      metadata: { flagSetId: "set" },
      flags: { x: { state: "ENABLED", variants: { a: 1 }, targeting } },
    });
    expect(toSyncDocument(store.snapshot().view(all))).toBe(
      '{"flags":{"x":{"defaultVariant":"","metadata":{"flagSetId":"set"},"source":"s","state":"ENABLED","targeting":{"if":[{"var":"x"},"a"]},"variants":{"a":1}}}}',
    );
  });

  it("writes no flags for an empty view", () => {
    expect(toSyncDocument(new Map())).toBe('{"flags":{}}');
  });
});
