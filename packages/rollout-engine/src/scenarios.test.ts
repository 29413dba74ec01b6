import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createScenario } from "./testing/scenario.ts";

const folder = join(import.meta.dirname, "..", "testdata");

/** Blocks of commands, `----`, what happened, a blank line. Lines that begin with # are for the reader. */
function replay(text: string): string {
  const scenario = createScenario();
  return text
    .trimEnd()
    .split(/\n\n+/)
    .map((block) => {
      const commands = (block.split("\n----")[0] ?? "").split("\n");
      const answers = commands.filter((line) => line !== "" && !line.startsWith("#")).map((line) => scenario.run(line));
      const happened = joined(answers);
      return happened === "" ? commands.join("\n") : [...commands, "----", happened].join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

/** The state after each of several commands is noise: only the last one is told. */
function joined(answers: readonly string[]): string {
  return answers
    .map((answer, index) => (index < answers.length - 1 ? answer.replace(/(^|\n)= .*$/, "") : answer))
    .filter((answer) => answer !== "")
    .join("\n");
}

for (const file of readdirSync(folder)) {
  test(file, () => {
    const path = join(folder, file);
    const written = readFileSync(path, "utf8");
    const happened = replay(written);
    if (process.env.UPDATE === "1") writeFileSync(path, happened);
    else expect(happened).toBe(written);
  });
}
