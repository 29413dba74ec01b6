import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { benchFlags } from "./flags.ts";

it("the file for peers holds the flags of the bench", () => {
  expect(JSON.parse(readFileSync(join(import.meta.dirname, "flags.json"), "utf8"))).toEqual(benchFlags());
});
