import { describe, expect, it } from "vitest";
import { createFlagStore } from "./store.ts";

const all = { kind: "all" } as const;

function largeDocument(count: number, change: Record<string, object> = {}): object {
  const flags = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `flag-${i}`,
      { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" },
    ]),
  );
  return { flags: { ...flags, ...change } };
}

const on = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "on" };

describe("a large document", () => {
  it("lets others work while it is loaded, who see the old version until it is whole", async () => {
    const store = createFlagStore(["s"]);
    store.update("s", largeDocument(1));
    const seen: number[] = [];
    let loading = true;
    const look = (): void => {
      seen.push(store.snapshot().view(all).size);
      if (loading) setImmediate(look);
    };
    setImmediate(look);
    await store.updateInSteps("s", largeDocument(5_000));
    loading = false;
    expect(seen.length).toBeGreaterThanOrEqual(19);
    expect(new Set(seen)).toEqual(new Set([1]));
    expect(store.snapshot().view(all).size).toBe(5_000);
  });

  it("keeps the objects of flags that did not change, and none of those that did", async () => {
    const store = createFlagStore(["s"]);
    await store.updateInSteps("s", largeDocument(2_000, { "flag-7": on }));
    const before = store.snapshot();
    expect(await store.updateInSteps("s", largeDocument(2_000, { "flag-7": on }))).toMatchObject({ changed: false });
    expect(store.snapshot()).toBe(before);
    await store.updateInSteps("s", largeDocument(2_000, { "flag-8": on }));
    const after = store.snapshot();
    const kept = [...after.view(all)].filter(([key, stored]) => before.get(key, all) === stored);
    expect(kept).toHaveLength(1_998);
    expect(after.get("flag-7", all)?.flag.definition.defaultVariant).toBe("off");
  });

  it("reads every flag again when the metadata of the set changes", async () => {
    const store = createFlagStore(["s"]);
    await store.updateInSteps("s", largeDocument(2_000));
    await store.updateInSteps("s", { ...largeDocument(2_000), metadata: { flagSetId: "set" } });
    expect(store.snapshot().view({ kind: "flagSet", id: "set" }).size).toBe(2_000);
  });

  it("is rejected whole with every problem, each once", () => {
    const store = createFlagStore(["s"]);
    const wrong = { ...on, defaultVariant: "none" };
    const result = store.update("s", { ...largeDocument(3_000, { "flag-1": wrong, "flag-2999": wrong }), metadata: 5 });
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { path: "metadata" },
        { path: "flags.flag-1.defaultVariant" },
        { path: "flags.flag-2999.defaultVariant" },
      ],
    });
    expect(store.snapshot().version).toBe(0);
  });
});
