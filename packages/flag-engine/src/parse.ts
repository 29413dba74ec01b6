import type { FlagDefinition } from "./flag.ts";
import { fieldNames, foldKeys } from "./fold-keys.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isList, isObject } from "./json.ts";
import { findNoJson } from "./no-json.ts";
import type { Problem } from "./problem.ts";
import { describe } from "./problem.ts";
import type { FlagEntry } from "./read-flag.ts";
import { objectOr, readFlag } from "./read-flag.ts";
import type { References } from "./references.ts";
import { createReferences } from "./references.ts";
import { checkSchema } from "./schema/document.ts";
import { childPath } from "./schema/report.ts";

/** A document that may be served. */
export interface FlagDocument {
  readonly flags: readonly FlagDefinition[];
  /** Metadata of the whole set; already merged into each flag. */
  readonly metadata: JsonObject;
  /** What the schema does not allow but upstream serves anyway, and what cannot work although the schema allows it. */
  readonly warnings: readonly Problem[];
}

export type ParseResult =
  | { readonly ok: true; readonly document: FlagDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** As `ParseResult`, with the path of each flag and the document as it was written. */
export type ReadResult =
  | {
      readonly ok: true;
      readonly document: FlagDocument;
      readonly paths: readonly string[];
      readonly written: JsonObject;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a flag document from JSON text. A bad document is rejected whole, with every problem and its path. */
export function parseFlagText(text: string): ParseResult {
  return withoutPaths(readText(text));
}

/** Reads a flag document that is already parsed, as it comes from YAML or a Kubernetes object. */
export function parseFlagDocument(written: unknown): ParseResult {
  return withoutPaths(readDocument(written));
}

function withoutPaths(read: ReadResult): ParseResult {
  return read.ok ? { ok: true, document: read.document } : read;
}

/** Reads the text of a flag document. A rejected one says all that is wrong with it. */
export function readText(text: string): ReadResult {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return rejected("", `document is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readDocument(document);
}

const documentFields = fieldNames("flags", "metadata", "$evaluators");

/** Reads a parsed flag document. A rejected one says all that is wrong with it. */
export function readDocument(written: unknown): ReadResult {
  const noJson = findNoJson(written);
  if (noJson !== undefined) return { ok: false, problems: [noJson] };
  if (!isJsonObject(written))
    return rejected("", `document is ${describeAny(written)}, expected an object with "flags"`);
  const found: Found = { problems: [], warnings: [] };
  const document = foldKeys(written, documentFields, (key, field) => misspelt(found, { path: "", key, field }));
  if (document.flags === undefined) {
    return rejected("flags", "is missing, expected an object of flag key and flag");
  }
  const set = objectOr(document.metadata, "metadata", found.problems);
  const references = readEvaluators(document.$evaluators, found);
  const flags: FlagDefinition[] = [];
  const paths: string[] = [];
  for (const entry of listFlags(document.flags, found)) {
    const definition = readFlag(entry, { references, set, ...found });
    // Without a key upstream cannot store a flag, but what is wrong in it rejects the document all the same.
    if (definition === undefined || entry.key === "") continue;
    flags.push(definition);
    paths.push(entry.path);
  }
  if (found.problems.length > 0) return { ok: false, problems: found.problems };
  const { violations, hints } = checkSchema(written);
  const warnings = [...violations, ...hints, ...found.warnings];
  return { ok: true, document: { flags, metadata: set ?? {}, warnings }, paths, written: document };
}

interface Found {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

const flagFields = fieldNames("state", "defaultVariant", "variants", "targeting", "metadata", "key", "source");

function listFlags(flags: JsonValue, found: Found): FlagEntry[] {
  if (flags === null) return [];
  const entries: FlagEntry[] = [];
  const add = (path: string, value: JsonValue, key: string | undefined): void => {
    // A flag that is null is one without anything in it, as upstream's decoder has it.
    if (value !== null && !isObject(value)) {
      found.problems.push({ path, message: `is ${describe(value)}, expected an object` });
      return;
    }
    const flag = foldKeys(value ?? {}, flagFields, (name, field) => misspelt(found, { path, key: name, field }));
    const own = flag.key ?? "";
    if (typeof own !== "string") {
      found.problems.push({ path: childPath(path, "key"), message: `is ${describe(own)}, expected a string` });
    } else entries.push({ path, key: key ?? own, flag });
  };
  if (isObject(flags)) for (const key of Object.keys(flags)) add(childPath("flags", key), flags[key] ?? null, key);
  else if (isList(flags)) for (const [index, flag] of flags.entries()) add(`flags[${index}]`, flag, undefined);
  else found.problems.push({ path: "flags", message: `is ${describe(flags)}, expected an object or a list of flags` });
  return entries;
}

function readEvaluators(evaluators: JsonValue | undefined, { problems }: Found): References {
  const rules = objectOr(evaluators, "$evaluators", problems, "an object of name and rule") ?? {};
  for (const [name, rule] of Object.entries(rules)) {
    // Upstream looks at the length of the text: {}, [], "", 1 and 12 are too short for a rule.
    if (JSON.stringify(rule).length < 3) {
      problems.push({ path: childPath("$evaluators", name), message: `is ${JSON.stringify(rule)}, expected a rule` });
    }
  }
  return createReferences(rules);
}

function misspelt({ warnings }: Found, { path, key, field }: { path: string; key: string; field: string }): void {
  warnings.push({ path: childPath(path, key), message: `is read as "${field}", expected to be written so` });
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

function describeAny(value: unknown): string {
  return typeof value === "object" && value !== null ? "a list" : describe(JSON.parse(JSON.stringify(value ?? null)));
}

function rejected(path: string, message: string): ReadResult {
  return { ok: false, problems: [{ path, message }] };
}
