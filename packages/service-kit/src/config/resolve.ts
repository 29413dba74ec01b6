import { messageOf } from "../kit-error.ts";
import type { Given } from "./command-line.ts";
import type { Option } from "./make-option.ts";
import { envName, flagName } from "./names.ts";
import type { OptionTable } from "./schema.ts";

/** Where the texts of the settings may come from; the earlier source wins. */
export interface Sources {
  readonly prefix: string;
  readonly flags: ReadonlyMap<string, Given>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: { readonly name: string; readonly given: ReadonlyMap<string, readonly string[]> };
  readonly readFile: (path: string) => string;
}

/** The value of every option, and one line for each that has none. */
export function resolveOptions(
  options: OptionTable,
  sources: Sources,
): { values: Map<string, unknown>; problems: string[] } {
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  for (const [key, option] of Object.entries(options)) {
    const found = find(key, option, sources);
    if (found === undefined) {
      if (option.default !== undefined || option.optional) values.set(key, option.default?.value);
      else
        problems.push(
          `--${flagName(key)} is missing, expected ${option.type} (flag, or ${envName(sources.prefix, key)})`,
        );
      continue;
    }
    const texts = found.fromFile ? contents(found, sources.readFile) : { texts: found.texts };
    if ("problem" in texts) {
      problems.push(texts.problem);
      continue;
    }
    const reading = option.read(texts.texts);
    if ("value" in reading) values.set(key, reading.value);
    else {
      const shown = option.form === "secret" ? "***" : (reading.shown ?? texts.texts.join(","));
      problems.push(`${found.label} is ${JSON.stringify(shown)}, expected ${reading.expected}`);
    }
  }
  return { values, problems };
}

function find(key: string, option: Option<unknown>, sources: Sources): Given | undefined {
  const flag = sources.flags.get(key);
  if (flag !== undefined) return flag;
  const own = envName(sources.prefix, key);
  for (const name of [own, ...option.env]) {
    const text = sources.env[name];
    if (text !== undefined && text !== "" && !isServiceLink(option, text))
      return { label: name, texts: [text], fromFile: false };
  }
  const path = option.form === "secret" ? sources.env[`${own}_FILE`] : undefined;
  if (path !== undefined && path !== "") return { label: `${own}_FILE`, texts: [path], fromFile: true };
  const texts = sources.file.given.get(key);
  return texts === undefined ? undefined : { label: `${key} in ${sources.file.name}`, texts, fromFile: false };
}

/** Kubernetes sets FLAGD_PORT=tcp://10.0.0.1:8013 in every pod of a namespace that has a Service named flagd: not meant for us. */
function isServiceLink(option: Option<unknown>, text: string): boolean {
  return option.type === "port" && /^(tcp|udp|sctp):\/\//.test(text);
}

function contents(found: Given, readFile: (path: string) => string): { texts: string[] } | { problem: string } {
  const path = found.texts.at(-1) ?? "";
  try {
    return { texts: [readFile(path).replace(/\r?\n$/, "")] };
  } catch (error) {
    return { problem: `${found.label} is ${JSON.stringify(path)}, expected a readable file: ${messageOf(error)}` };
  }
}
