import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replay } from "./testing/replay.ts";

const folder = join(import.meta.dirname, "..", "testdata");

for (const file of readdirSync(folder).filter((name) => name.endsWith(".txt"))) {
  test(file, () => {
    const path = join(folder, file);
    const written = readFileSync(path, "utf8");
    const happened = replay(written);
    if (process.env.UPDATE === "1") writeFileSync(path, happened);
    else expect(happened).toBe(written);
  });
}
