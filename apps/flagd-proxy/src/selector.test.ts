import { expect, test } from "vitest";
import { parseProxySelector } from "./selector.ts";

const bad = "invalid resource uri format, expected <namespace>/<crdName> but got";
const selectors: Record<string, object> = {
  "core.openfeature.dev/shop/flags": { kind: "featureFlag", namespace: "shop", name: "flags" },
  "core.openfeature.dev/shop": { problem: `unable to parse uri core.openfeature.dev/shop: ${bad}: shop` },
  "core.openfeature.dev/a/b/c": { problem: `unable to parse uri core.openfeature.dev/a/b/c: ${bad}: a/b/c` },
  "core.openfeature.dev//b": { problem: `unable to parse uri core.openfeature.dev//b: ${bad}: /b` },
  "file:/etc/flags.json": { kind: "file", path: "/etc/flags.json" },
  "shop/flags": { problem: "unrecognized URI: shop/flags, expected core.openfeature.dev/<namespace>/<crdName>" },
  "": { problem: "unrecognized URI: , expected core.openfeature.dev/<namespace>/<crdName>" },
};
for (const [selector, expected] of Object.entries(selectors)) {
  test(`selector ${JSON.stringify(selector)}`, () =>
    expect(parseProxySelector(selector, { allowFiles: true })).toEqual(expected));
}

test("files are refused unless they are switched on", () => {
  expect(parseProxySelector("file:/etc/passwd.json", { allowFiles: false })).toEqual({
    problem: "file selectors are switched off: file:/etc/passwd.json; --allow-file-selectors turns them on",
  });
});
