import { readdirSync } from "node:fs";
import { alertProviderTypes } from "@burgee/contracts/crd";
import { expect, test } from "vitest";
import { providerTypes } from "./index.ts";

test("every file in the folder is listed, and has a test", () => {
  const files = readdirSync(import.meta.dirname);
  const types = files
    .filter((file) => !file.includes(".test.") && !["index.ts", "provider.ts"].includes(file))
    .map((file) => file.replace(".ts", ""));
  expect(types.toSorted()).toEqual(providerTypes);
  for (const type of types) expect(files).toContain(`${type}.test.ts`);
});

test("every listed type may stand in an AlertProvider", () => {
  expect(alertProviderTypes).toEqual(expect.arrayContaining([...providerTypes]));
});
