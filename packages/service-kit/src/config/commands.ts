import { nearest } from "./names.ts";
import type { ArgumentList, ConfigSettings } from "./schema.ts";

/** The words an app accepts as its command; `version` is always understood when there are commands. */
export function commandWords(settings: ConfigSettings): readonly string[] {
  const { commands = [], subcommands = {} } = settings;
  const words = [...commands, ...Object.keys(subcommands)];
  return words.length === 0 || words.includes("version") ? words : [...words, "version"];
}

/** What the positional arguments say. */
export interface Positionals {
  /** The first one, or the app's default. */
  readonly command: string;
  readonly arguments: readonly string[];
  readonly problems: readonly string[];
}

/** Takes the positional arguments for a command, or for the list of arguments that the schema has. */
export function readPositionals(settings: ConfigSettings, positionals: readonly string[]): Positionals {
  if (settings.arguments !== undefined) {
    return { command: "", arguments: positionals, problems: countProblems(settings.arguments, positionals.length) };
  }
  const words = commandWords(settings);
  const [first, ...rest] = words.length === 0 ? [undefined, ...positionals] : positionals;
  const problems = rest.map((word) => `unexpected argument ${JSON.stringify(word)}, expected flags only`);
  if (first !== undefined && !words.includes(first)) {
    const meant = nearest(first, words);
    problems.unshift(
      `unknown command ${JSON.stringify(first)}, ${meant === undefined ? `expected one of: ${words.join(", ")}` : `did you mean ${meant}?`}`,
    );
  }
  return { command: first ?? words[0] ?? "", arguments: [], problems };
}

function countProblems({ name, about, min, max = Number.POSITIVE_INFINITY }: ArgumentList, count: number): string[] {
  if (count < min) return [`${name} is missing, expected ${about}`];
  return count > max ? [`${count} arguments, expected ${max === 1 ? `one ${name}` : `${max} at most`}: ${about}`] : [];
}

/** `FILE`, `FILE…` or `[FILE…]`. */
export function argumentUsage({ name, min, max = Number.POSITIVE_INFINITY }: ArgumentList): string {
  const word = max > 1 ? `${name}…` : name;
  return min === 0 ? `[${word}]` : word;
}
