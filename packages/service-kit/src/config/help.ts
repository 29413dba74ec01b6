import { argumentUsage, commandWords } from "./commands.ts";
import { envName, flagName } from "./names.ts";
import type { ConfigSchema, OptionTable } from "./schema.ts";

/** One setting as help and the reference page show it. */
export interface OptionDescription {
  readonly name: string;
  readonly flag: string;
  /** One-letter flag, if there is one. */
  readonly short: string | undefined;
  readonly alias: readonly string[];
  /** Our own name first. */
  readonly env: readonly string[];
  readonly type: string;
  readonly default: string | undefined;
  readonly required: boolean;
  readonly about: string;
}

/** All settings in the order of the table, the common ones last. */
export function describeConfig(schema: ConfigSchema<OptionTable>): OptionDescription[] {
  return Object.entries(schema.options).map(([key, option]) => ({
    name: key,
    flag: `--${flagName(key)}`,
    short: option.short === undefined ? undefined : `-${option.short}`,
    alias: option.alias.map((word) => `--${word}`),
    env: [envName(schema.prefix, key), ...option.env],
    type: option.type,
    default: option.default?.text,
    required: option.default === undefined && !option.optional,
    about: option.about,
  }));
}

/** The text of `--help`. */
export function helpText(schema: ConfigSchema<OptionTable>, app: string): string {
  const { arguments: list, subcommands = {} } = schema.settings;
  const words = commandWords(schema.settings);
  const commands = Object.entries(subcommands).map(([word, { about }]) => `  ${app} ${word} --help\n      ${about}`);
  const rows = describeConfig(schema).map((o) => {
    const flags = [o.short, o.flag, ...o.alias].filter((flag) => flag !== undefined).join(", ");
    const given = o.default === undefined || o.default === "" ? "" : ` (default ${o.default})`;
    return `  ${flags} ${o.type}\n      ${o.about}${o.required ? " (required)" : given} [${o.env.join(", ")}]`;
  });
  return [
    `Usage: ${app}${words.length === 0 ? "" : ` [${words.join("|")}]`} [flags]${list === undefined ? "" : ` ${argumentUsage(list)}`}`,
    "",
    ...(commands.length === 0 ? [] : ["Commands with flags of their own:", ...commands, "", "Flags:"]),
    ...(list === undefined ? [] : [`  ${list.name}\n      ${list.about}`]),
    ...rows,
    "  --config file\n      JSON or YAML file with settings by name; flags and environment win over it",
    "  -h, --help\n  --version",
    "",
  ].join("\n");
}

/** All settings in Markdown, for the reference pages: a table, and a section for each command with flags of its own. */
export function renderConfigReference(schema: ConfigSchema<OptionTable>, app = ""): string {
  const sections = Object.entries(schema.settings.subcommands ?? {}).map(([word, { about, schema: own }]) => {
    const list = own.settings.arguments;
    const usage = [app, word, "[flags]", ...(list === undefined ? [] : [argumentUsage(list)])].join(" ");
    return `\n### ${usage}\n\n${sentence(about)}${list === undefined ? "" : ` ${list.name}: ${list.about}.`}\n\n${renderTable(own)}`;
  });
  return [renderTable(schema), ...sections].join("");
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function renderTable(schema: ConfigSchema<OptionTable>): string {
  const rows = describeConfig(schema).map((o) => {
    const flags = [o.flag, o.short, ...o.alias]
      .filter((flag) => flag !== undefined)
      .map(code)
      .join(", ");
    const fallback = o.required ? "required" : o.default === undefined ? "" : code(o.default === "" ? '""' : o.default);
    return `| ${flags} | ${o.env.map(code).join(", ")} | ${cell(o.type)} | ${fallback} | ${cell(o.about)} |`;
  });
  return ["| flag | environment | type | default | meaning |", "| --- | --- | --- | --- | --- |", ...rows, ""].join(
    "\n",
  );
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
