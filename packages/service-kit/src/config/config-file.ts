import { extname } from "node:path";
import { parse as parseYaml } from "yaml";
import { flagName, nearest } from "./names.ts";
import type { OptionTable } from "./schema.ts";

/** The settings of a configuration file as texts, by option key. */
export interface FileSettings {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly string[];
}

/** Reads a JSON or YAML document whose keys are option names, in camelCase or as flags (`sync-port`). */
export function readConfigFile(options: OptionTable, file: string, text: string): FileSettings {
  const given = new Map<string, readonly string[]>();
  const document = parseDocument(file, text);
  if ("problem" in document) return { given, problems: [document.problem] };
  const keys = new Map(
    Object.keys(options).flatMap((key) => [
      [key, key],
      [flagName(key), key],
    ]),
  );
  const problems: string[] = [];
  for (const [name, value] of Object.entries(document.settings)) {
    const key = keys.get(name);
    if (key === undefined) {
      const meant = nearest(name, [...keys.keys()]);
      problems.push(`unknown setting ${name} in ${file}${meant === undefined ? "" : `, did you mean ${meant}?`}`);
    } else if (value !== null && value !== undefined) given.set(key, textsOf(value, options[key]?.form === "many"));
  }
  return { given, problems };
}

type Document = { readonly settings: object } | { readonly problem: string };

function parseDocument(file: string, text: string): Document {
  try {
    const value: unknown = extname(file) === ".json" ? JSON.parse(text) : parseYaml(text);
    if (value === null || value === undefined) return { settings: {} };
    if (typeof value === "object" && !Array.isArray(value)) return { settings: value };
    return {
      problem: `${file} holds ${Array.isArray(value) ? "a list" : `a ${typeof value}`}, expected settings by name`,
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { problem: `${file} is neither JSON nor YAML: ${reason}` };
  }
}

function textsOf(value: unknown, many: boolean): readonly string[] {
  if (many && Array.isArray(value)) return value.map(String);
  return [typeof value === "object" ? JSON.stringify(value) : String(value)];
}
