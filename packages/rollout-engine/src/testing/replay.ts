import { createScenario } from "./scenario.ts";

/** Blocks of commands, `----`, what happened, a blank line. Lines that begin with # are for the reader. */
export function replay(text: string): string {
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
