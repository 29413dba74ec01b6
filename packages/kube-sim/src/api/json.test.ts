import { describe, expect, test } from "vitest";
import { clone, isObject, sharing } from "./json.ts";

describe("what is written shares with what was there", () => {
  const before = { a: { b: [1, { c: "text" }], d: "same" }, e: { f: 1 } };

  test("all of it when nothing differs, whatever the order of the fields", () => {
    const { a, e } = clone(before);
    expect(sharing({ e, a }, before)).toBe(before);
  });

  test.each<[string, unknown, readonly string[]]>([
    ["a changed field", { ...clone(before), e: { f: 2 } }, ["a"]],
    ["a new field", { ...clone(before), e: { f: 1, g: 1 } }, ["a"]],
    ["a field that is gone", { ...clone(before), e: {} }, ["a"]],
    ["a field that became undefined", { ...clone(before), e: { f: undefined } }, ["a"]],
    ["another item in a list", { ...clone(before), a: { b: [1, { c: "text" }, 2], d: "same" } }, ["e"]],
    ["a list in place of an object", { ...clone(before), e: [] }, ["a"]],
    ["null in place of an object", { ...clone(before), e: null }, ["a"]],
  ])("the parts beside %s", (_, after, same) => {
    const asked = structuredClone(after);
    const result = sharing(after, before);
    expect(result).toEqual(asked);
    expect(
      isObject(result) && Object.entries(result).filter(([name, part]) => part === Reflect.get(before, name)),
    ).toEqual(same.map((name) => [name, Reflect.get(before, name)]));
  });

  test("nothing of what was there is changed", () => {
    const kept = structuredClone(before);
    sharing({ a: { b: [2, { c: "other" }], d: "same" }, e: { f: 3 } }, before);
    expect(before).toEqual(kept);
  });
});
