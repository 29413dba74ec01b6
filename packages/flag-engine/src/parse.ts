import type { FlagDefinition } from "./flag.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isList, isObject } from "./json.ts";
import type { Problem } from "./problem.ts";
import { describe } from "./problem.ts";
import { replaceReferences } from "./references.ts";
import { reviewFlag } from "./review.ts";

/** A document that may be served. */
export interface FlagDocument {
  readonly flags: readonly FlagDefinition[];
  /** Metadata of the whole set; already merged into each flag. */
  readonly metadata: JsonObject;
  /** What the schema does not allow but upstream serves anyway. */
  readonly warnings: readonly Problem[];
}

export type ParseResult =
  | { readonly ok: true; readonly document: FlagDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Deeper documents are rejected: rules are compiled and compared recursively. */
const depthLimit = 400;

/** Reads a flag document from JSON text. A bad document is rejected whole, with every problem and its path. */
export function parseFlagText(text: string): ParseResult {
  try {
    const document: unknown = JSON.parse(text);
    return parseFlagDocument(document);
  } catch (error) {
    return rejected("", `document is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Reads a flag document that is already parsed, as it comes from YAML or a Kubernetes object. */
export function parseFlagDocument(document: unknown): ParseResult {
  if (!isJson(document, 0)) return rejected("", `document is nested deeper than ${depthLimit} or is not JSON data`);
  if (!isObject(document)) return rejected("", `document is ${describe(document)}, expected an object with "flags"`);
  if (document.flags === undefined) return rejected("flags", "is missing, expected an object of flag key and flag");
  const flags = replaceReferences(document.flags, document.$evaluators);
  if (!flags.ok) return flags;

  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const metadata = objectOr(document.metadata, "metadata", problems);
  const definitions = listFlags(flags.value, { problems, warnings }).map(({ path, key, flag }) => {
    reviewFlag(flag, path, warnings);
    return readFlag(flag, { path, key, problems, set: metadata });
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, document: { flags: definitions, metadata: metadata ?? {}, warnings } };
}

interface Entry {
  readonly path: string;
  readonly key: string;
  readonly flag: JsonObject;
}

function listFlags(flags: JsonValue, found: { problems: Problem[]; warnings: Problem[] }): Entry[] {
  if (flags === null) return [];
  if (isObject(flags)) {
    return Object.entries(flags).flatMap(([key, flag]) => entry(`flags.${key}`, key, flag, found.problems));
  }
  if (!isList(flags)) {
    found.problems.push({ path: "flags", message: `is ${describe(flags)}, expected an object or a list of flags` });
    return [];
  }
  return flags.flatMap((flag, index) => {
    const path = `flags[${index}]`;
    const key = isObject(flag) ? flag.key : undefined;
    if (typeof key === "string" && key !== "") return entry(path, key, flag, found.problems);
    if (key === undefined || key === null || key === "") {
      found.warnings.push({ path: `${path}.key`, message: "is missing, expected a name; this flag is left out" });
    } else {
      found.problems.push({ path: `${path}.key`, message: `is ${describe(key)}, expected a string` });
    }
    return [];
  });
}

/** A flag that is null is one without anything in it, as upstream's decoder has it. */
function entry(path: string, key: string, flag: JsonValue, problems: Problem[]): Entry[] {
  if (flag === null || isObject(flag)) return [{ path, key, flag: flag ?? {} }];
  problems.push({ path, message: `is ${describe(flag)}, expected an object` });
  return [];
}

interface ReadOptions {
  readonly path: string;
  readonly key: string;
  readonly problems: Problem[];
  readonly set: JsonObject | undefined;
}

function readFlag(flag: JsonObject, { path, key, problems, set }: ReadOptions): FlagDefinition {
  const state = stringOr(flag.state, `${path}.state`, problems);
  const defaultVariant = stringOr(flag.defaultVariant, `${path}.defaultVariant`, problems);
  const variants = objectOr(flag.variants, `${path}.variants`, problems) ?? {};
  const own = objectOr(flag.metadata, `${path}.metadata`, problems);
  if (defaultVariant !== "" && !Object.hasOwn(variants, defaultVariant)) {
    const known = Object.keys(variants).join(", ") || "none defined";
    problems.push({
      path: `${path}.defaultVariant`,
      message: `is "${defaultVariant}", expected one of the variants: ${known}`,
    });
  }
  return {
    key,
    state,
    defaultVariant,
    variants,
    ...(flag.targeting !== undefined && { targeting: flag.targeting }),
    ...((set ?? own) && { metadata: { ...set, ...own } }),
  };
}

function stringOr(value: JsonValue | undefined, path: string, problems: Problem[]): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  problems.push({ path, message: `is ${describe(value)}, expected a string` });
  return "";
}

function objectOr(value: JsonValue | undefined, path: string, problems: Problem[]): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  problems.push({ path, message: `is ${describe(value)}, expected an object` });
  return undefined;
}

function isJson(value: unknown, depth: number): value is JsonValue {
  if (depth > depthLimit) return false;
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  return Object.values(value).every((item) => isJson(item, depth + 1));
}

function rejected(path: string, message: string): ParseResult {
  return { ok: false, problems: [{ path, message }] };
}
