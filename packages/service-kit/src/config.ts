import { readFileSync } from "node:fs";
import { readCommandLine } from "./config/command-line.ts";
import { commandWords, readPositionals } from "./config/commands.ts";
import { optionsOfEveryApp } from "./config/options-of-every-app.ts";
import { readConfigFile } from "./config/config-file.ts";
import { envName } from "./config/names.ts";
import { resolveOptions } from "./config/resolve.ts";
import {
  type Command,
  ConfigError,
  type ConfigOf,
  type ConfigSchema,
  type ConfigSettings,
  type OptionTable,
} from "./config/schema.ts";
import { messageOf } from "./kit-error.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An app's configuration: one table that yields types, flags, environment names, help and reference. */
export function defineConfig<const T extends OptionTable>(
  prefix: string,
  options: T,
  settings: ConfigSettings = {},
): ConfigSchema<T> {
  return { prefix, options: { ...options, ...withoutKeys(optionsOfEveryApp(settings), options) }, settings };
}

function withoutKeys(table: OptionTable, taken: OptionTable): OptionTable {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !(key in taken)));
}

/** The configuration, or why the process should do something else. */
export type Outcome<T extends OptionTable> =
  | { readonly kind: "config"; readonly config: ConfigOf<ConfigSchema<T>> }
  | {
      readonly kind: "subcommand";
      readonly name: string;
      readonly command: Command;
      readonly outcome: Outcome<OptionTable>;
    }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** Reads flags over environment over file over default. Collects every problem before it gives up. */
export function readConfig<T extends OptionTable>(
  schema: ConfigSchema<T>,
  argv: readonly string[],
  env: Environment,
  readFile: (path: string) => string = readText,
): Outcome<T> {
  const { options, prefix, settings } = schema;
  const [name = "", ...rest] = argv;
  const sub = Object.hasOwn(settings.subcommands ?? {}, name) ? settings.subcommands?.[name] : undefined;
  if (sub !== undefined) {
    return { kind: "subcommand", name, command: sub, outcome: readConfig(sub.schema, rest, env, readFile) };
  }
  const line = readCommandLine(options, argv, settings.elsewhere);
  if (line.help || isHelp(settings, line.positionals)) return { kind: "help" };
  const { command, arguments: words, problems: commandProblems } = readPositionals(settings, line.positionals);
  if (line.version || command === "version") return { kind: "version" };

  const fileName = line.configFile ?? env[envName(prefix, "config")] ?? "";
  const file = fileName === "" ? { given: new Map(), problems: [] } : openConfigFile(options, fileName, readFile);
  const resolved = resolveOptions(options, {
    prefix,
    flags: line.given,
    env,
    file: { name: fileName, given: file.given },
    readFile,
  });
  const together = (settings.checks ?? []).flatMap((check) => check.problems(resolved.values));
  const problems = [...line.problems, ...commandProblems, ...file.problems, ...resolved.problems, ...together];
  const config: unknown = { ...Object.fromEntries(resolved.values), command, arguments: words };
  return problems.length === 0 && holdsAll(schema, config) ? { kind: "config", config } : { kind: "invalid", problems };
}

/** `help` is a command of every program that has commands. */
function isHelp(settings: ConfigSettings, [first]: readonly string[]): boolean {
  return first === "help" && commandWords(settings).length > 0;
}

function openConfigFile(
  options: OptionTable,
  name: string,
  readFile: (path: string) => string,
): ReturnType<typeof readConfigFile> {
  try {
    return readConfigFile(options, name, readFile(name));
  } catch (error) {
    return {
      given: new Map(),
      problems: [`--config is ${JSON.stringify(name)}, expected a readable file: ${messageOf(error)}`],
    };
  }
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}

function holdsAll<T extends OptionTable>(
  schema: ConfigSchema<T>,
  config: unknown,
): config is ConfigOf<ConfigSchema<T>> {
  return typeof config === "object" && config !== null && Object.keys(schema.options).every((key) => key in config);
}

/**
 * The configuration for these arguments and variables. Throws {@link ConfigError} with every problem. Pure: the checks of the settings,
 * which look at the machine, are left to the start of the process.
 */
export function parseConfig<T extends OptionTable>(
  schema: ConfigSchema<T>,
  argv: readonly string[],
  env: Environment,
): ConfigOf<ConfigSchema<T>> {
  const { checks: _, ...settings } = schema.settings;
  const outcome = readConfig({ ...schema, settings }, argv, env);
  if (outcome.kind === "config") return outcome.config;
  throw new ConfigError(outcome.kind === "invalid" ? outcome.problems : [`--${outcome.kind} is not a configuration`]);
}

/** What this process was told. The only reader of its arguments. */
export function readProcessConfig<T extends OptionTable>(schema: ConfigSchema<T>): Outcome<T> {
  return readConfig(schema, process.argv.slice(2), process.env);
}

/** This process's variables, for handing them on to a child. Settings are read with {@link defineConfig} instead. */
export function processEnvironment(): Environment {
  return { ...process.env };
}
