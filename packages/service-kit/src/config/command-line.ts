import type { Option } from "./make-option.ts";
import { flagName, nearest } from "./names.ts";
import type { OptionTable } from "./schema.ts";

/** What the arguments said, not yet read as values. */
export interface CommandLine {
  /** Texts by option key, with the flag as the user wrote it. */
  readonly given: ReadonlyMap<string, Given>;
  readonly positionals: readonly string[];
  readonly problems: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
  readonly configFile: string | undefined;
}

export interface Given {
  readonly label: string;
  readonly texts: readonly string[];
  /** The text is the name of a file that holds the value. */
  readonly fromFile: boolean;
}

interface OptionTarget {
  readonly kind: "option";
  readonly key: string;
  readonly option: Option<unknown>;
  readonly fromFile: boolean;
}

type Target =
  | OptionTarget
  | { readonly kind: "no"; readonly key: string }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "config" };

/**
 * Reads arguments as Go programs do: `-x` and `--x` are the same, a value follows after `=` or as the next argument, switches stand
 * alone, one-letter flags may carry their value (`-p8013`), `--` ends the flags.
 */
export function readCommandLine(
  options: OptionTable,
  argv: readonly string[],
  elsewhere: Readonly<Record<string, string>> = {},
): CommandLine {
  const targets = flagTargets(options);
  const given = new Map<string, Given>();
  const positionals: string[] = [];
  const problems: string[] = [];
  let help = false;
  let version = false;
  let configFile: string | undefined;

  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--") {
      positionals.push(...rest.splice(0));
      continue;
    }
    if (!argument.startsWith("-") || argument === "-") {
      positionals.push(argument);
      continue;
    }
    const { label, inline } = splitFlag(argument, targets);
    const target = targets.get(label.replace(/^--?/, ""));
    if (target === undefined) {
      const instead = elsewhere[label.replace(/^--?/, "")];
      problems.push(
        instead === undefined ? unknownFlag(label, targets) : `flag ${label} is not of this program: ${instead}`,
      );
      // What follows an unknown flag is most likely its value, not a command.
      if (inline === undefined && rest[0] !== undefined && !rest[0].startsWith("-")) rest.shift();
      continue;
    }
    if (target.kind === "help") help = true;
    else if (target.kind === "version") version = true;
    else if (target.kind === "no") given.set(target.key, { label, texts: ["false"], fromFile: false });
    else if (target.kind === "option" && target.option.form === "switch") {
      given.set(target.key, { label, texts: [inline ?? "true"], fromFile: false });
    } else {
      const text = inline ?? rest.shift();
      if (target.kind === "config") configFile = text;
      else if (text !== undefined)
        given.set(target.key, { label, texts: [...earlier(given, target), text], fromFile: target.fromFile });
      if (text === undefined)
        problems.push(`${label} needs a value, expected ${target.kind === "config" ? "a file" : target.option.type}`);
    }
  }
  return { given, positionals, problems, help, version, configFile };
}

/** What the same flag said before: kept for lists, replaced for the rest. */
function earlier(given: ReadonlyMap<string, Given>, target: OptionTarget): readonly string[] {
  return target.option.form === "many" ? (given.get(target.key)?.texts ?? []) : [];
}

/** Every flag name, without dashes. The table's own names win over the built-in ones. */
function flagTargets(options: OptionTable): Map<string, Target> {
  const targets = new Map<string, Target>([
    ["help", { kind: "help" }],
    ["h", { kind: "help" }],
    ["version", { kind: "version" }],
    ["config", { kind: "config" }],
  ]);
  for (const [key, option] of Object.entries(options)) {
    const name = flagName(key);
    const target: Target = { kind: "option", key, option, fromFile: false };
    for (const word of [name, ...option.alias, ...(option.short === undefined ? [] : [option.short])])
      targets.set(word, target);
    if (option.form === "switch") targets.set(`no-${name}`, { kind: "no", key });
    if (option.form === "secret") targets.set(`${name}-file`, { ...target, fromFile: true });
  }
  return targets;
}

function splitFlag(
  argument: string,
  targets: ReadonlyMap<string, Target>,
): { label: string; inline: string | undefined } {
  const at = argument.indexOf("=");
  const label = at < 0 ? argument : argument.slice(0, at);
  const inline = at < 0 ? undefined : argument.slice(at + 1);
  const single = !argument.startsWith("--");
  if (single && !targets.has(label.slice(1)) && targets.get(label.slice(1, 2))?.kind === "option") {
    return { label: label.slice(0, 2), inline: argument.slice(2) };
  }
  return { label, inline };
}

function unknownFlag(label: string, targets: ReadonlyMap<string, Target>): string {
  const words = [...targets.keys()].filter((word) => word.length > 1);
  const meant = nearest(label.replace(/^--?/, ""), words);
  return `unknown flag ${label}, ${meant === undefined ? "see --help for all flags" : `did you mean --${meant}?`}`;
}
