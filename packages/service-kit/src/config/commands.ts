import { nearest } from "./names.ts";
import type { ConfigSettings } from "./schema.ts";

/** The words an app accepts as its command; `version` is always understood when there are commands. */
export function commandWords(settings: ConfigSettings): readonly string[] {
  const { commands = [] } = settings;
  return commands.length === 0 || commands.includes("version") ? commands : [...commands, "version"];
}

/** The command among the positional arguments: the first one, or the app's default. */
export function readCommand(
  settings: ConfigSettings,
  positionals: readonly string[],
): { command: string; problems: string[] } {
  const words = commandWords(settings);
  const [first, ...rest] = words.length === 0 ? [undefined, ...positionals] : positionals;
  const problems = rest.map((word) => `unexpected argument ${JSON.stringify(word)}, expected flags only`);
  if (first !== undefined && !words.includes(first)) {
    const meant = nearest(first, words);
    problems.unshift(
      `unknown command ${JSON.stringify(first)}, ${meant === undefined ? `expected one of: ${words.join(", ")}` : `did you mean ${meant}?`}`,
    );
  }
  return { command: first ?? words[0] ?? "", problems };
}
