import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { findProvider, providerTypes } from "./index.ts";

it("lists every provider file", () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const notProviders = ["index.ts", "provider.ts", "prometheus-answer.ts"];
  expect(files.filter((file) => !notProviders.includes(file)).map((file) => file.replace(".ts", ""))).toEqual(
    providerTypes,
  );
});

it("has a test for every provider", () => {
  const tests = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".test.ts"));
  for (const type of providerTypes) expect(tests).toContain(`${type}.test.ts`);
});

it("does not find a provider by a name of the object prototype", () => {
  expect([findProvider("toString"), findProvider("promethius")]).toEqual([undefined, undefined]);
});
