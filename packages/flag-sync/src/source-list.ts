import { FlagSyncError } from "./flag-sync-error.ts";
import type { SourceConfig } from "./source.ts";

type Entry = ReadonlyMap<string, unknown>;

/** Reports what a field is instead of what it should be; undefined when the field is missing or wrong. */
interface Reader {
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly bytes: (name: string) => number | undefined;
  readonly texts: (name: string) => Record<string, string> | undefined;
}

/** The fields of an entry; upstream reads their names without regard to case. */
const fields: readonly (keyof SourceConfig)[] = [
  "uri",
  "provider",
  "tls",
  "certPath",
  "providerID",
  "selector",
  "maxMsgSize",
  "headers",
];

/** Reads the JSON of `--sources`. Throws `invalid_source` with every problem and its path. */
export function parseSourceList(text: string): SourceConfig[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) {
    throw new FlagSyncError("invalid_source", 'sources is not a JSON list, expected [{"uri": "…", "provider": "…"}]');
  }
  const problems: string[] = [];
  const configs = list.map((entry: unknown, index) => readSource(entry, `sources[${index}]`, problems));
  if (problems.length > 0) throw new FlagSyncError("invalid_source", problems.join("; "));
  return configs;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readSource(entry: unknown, path: string, problems: string[]): SourceConfig {
  const read = reader(entriesOf(entry, path, problems), path, problems);
  const uri = read.text("uri") ?? "";
  const provider = read.text("provider") ?? "";
  if (uri === "") problems.push(`${path}.uri is a required field`);
  if (provider === "") problems.push(`${path}.provider is a required field`);
  return defined({
    // Upstream breaks off here when a file has its prefix; without it the name is the same as that of --uri.
    uri: provider === "file" ? uri.replace(/^file:/, "") : uri,
    provider,
    tls: read.flag("tls"),
    certPath: read.text("certPath"),
    providerID: read.text("providerID"),
    selector: read.text("selector"),
    maxMsgSize: read.bytes("maxMsgSize"),
    headers: read.texts("headers"),
  });
}

/** Leaves out what is undefined. */
function defined<T extends object>(o: T): { [K in keyof T]: Exclude<T[K], undefined> };
function defined(o: object): object {
  return Object.fromEntries(Object.entries(o).filter(([, value]) => value !== undefined));
}

function entriesOf(entry: unknown, path: string, problems: string[]): Entry {
  const found = new Map<string, unknown>();
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    problems.push(`${path} is not an object, expected {"uri": "…", "provider": "…"}`);
    return found;
  }
  for (const [key, value] of Object.entries(entry)) {
    const name = fields.find((field) => field.toLowerCase() === key.toLowerCase());
    if (name === undefined) problems.push(`${path}.${key} is unknown, expected one of: ${fields.join(", ")}`);
    else found.set(name, value);
  }
  return found;
}

function reader(entry: Entry, path: string, problems: string[]): Reader {
  const wrong = (name: string, expected: string): undefined => {
    problems.push(`${path}.${name} is ${JSON.stringify(entry.get(name))}, expected ${expected}`);
  };
  return {
    text(name) {
      const value = entry.get(name);
      return value === undefined || typeof value === "string" ? value : wrong(name, "a string");
    },
    flag(name) {
      const value = entry.get(name);
      return value === undefined || typeof value === "boolean" ? value : wrong(name, "true or false");
    },
    bytes(name) {
      const value = entry.get(name);
      if (value === undefined) return undefined;
      return typeof value === "number" && Number.isInteger(value) ? value : wrong(name, "a number of bytes");
    },
    texts(name) {
      const value = entry.get(name);
      if (value === undefined) return undefined;
      if (typeof value !== "object" || value === null) return wrong(name, "an object of names and texts");
      const pairs = Object.entries(value).flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : []));
      return pairs.length === Object.keys(value).length
        ? Object.fromEntries(pairs)
        : wrong(name, "an object of names and texts");
    },
  };
}
