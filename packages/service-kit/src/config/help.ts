import { commandWords } from "./commands.ts";
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
  const words = commandWords(schema.settings);
  const rows = describeConfig(schema).map((o) => {
    const flags = [o.short, o.flag, ...o.alias].filter((flag) => flag !== undefined).join(", ");
    const given = o.default === undefined || o.default === "" ? "" : ` (default ${o.default})`;
    return `  ${flags} ${o.type}\n      ${o.about}${o.required ? " (required)" : given} [${o.env.join(", ")}]`;
  });
  return [
    `Usage: ${app}${words.length === 0 ? "" : ` [${words.join("|")}]`} [flags]`,
    "",
    ...rows,
    "  --config file\n      JSON or YAML file with settings by name; flags and environment win over it",
    "  -h, --help\n  --version",
    "",
  ].join("\n");
}

/** A Markdown table of all settings, for the reference pages. */
export function renderConfigReference(schema: ConfigSchema<OptionTable>): string {
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
