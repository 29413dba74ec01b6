// The page against the engine: every condition that says what is wrong, and the hints that take too long to provoke. The other rows are
// provoked by the controller's own tests.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/how-to/troubleshooting.md"), "utf8");
const source = globSync("packages/rollout-engine/src/**/*.ts", { cwd: root })
  .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
  .map((file) => readFileSync(join(root, file), "utf8"))
  .join("\n");

/** What is wrong with nothing: how things stand, and the two types of events. */
const elsewhere = ["Promoted", "Ready", "Reconciling", "Stalled", "Normal", "Warning"];

it("has every condition that says what a person has to mend", () => {
  const written = [...source.matchAll(/\btype(?:: | = )"([A-Z]\w+)"/g)].map(([, type = ""]) => type);
  const named = [...page.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(([, type = ""]) => type);
  expect(named.sort()).toEqual([...new Set(written)].filter((type) => !elsewhere.includes(type)).sort());
});

it.each(["The analyzer does not answer", "Redis is away"])("has the hint of the engine: %s", (title) => {
  const [, hint = title] = new RegExp(`^\\| ${title} \\| \`[^\`]+\` \\| \`([^\`]+)\` \\|$`, "m").exec(page) ?? [];
  expect(source).toContain(`"${hint}"`);
});
