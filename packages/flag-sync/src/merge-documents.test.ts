import { expect, it } from "vitest";
import { mergeDocuments } from "./merge-documents.ts";

const flag = { state: "ENABLED", variants: { on: true }, defaultVariant: "on" };
const inSet = (flagSetId: string): object => ({ ...flag, metadata: { flagSetId } });

it("keeps the same key of two sets apart", () => {
  const merged = mergeDocuments([
    { name: "a.json", document: { metadata: { flagSetId: "one" }, flags: { x: flag } } },
    { name: "b.json", document: { flags: [{ key: "x", ...inSet("two") }] } },
  ]);
  expect(merged).toEqual({
    flags: [
      { key: "x", ...inSet("one") },
      { key: "x", ...inSet("two") },
    ],
  });
});

it("shares evaluators that are the same, and refuses those that are not", () => {
  const a = { name: "a.json", document: { $evaluators: { e: { var: "x" } }, flags: { x: flag } } };
  const b = { name: "b.json", document: { $evaluators: { e: { var: "x" }, f: { var: "y" } }, flags: {} } };
  const c = { name: "c.json", document: { $evaluators: { e: { var: "z" } }, flags: {} } };
  expect(mergeDocuments([a, b])).toEqual({ $evaluators: { e: { var: "x" }, f: { var: "y" } }, flags: { x: flag } });
  expect(() => mergeDocuments([a, c])).toThrow("[bad_document] $evaluators.e is not the same in a.json and c.json");
});
