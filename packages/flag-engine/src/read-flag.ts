import type { FlagDefinition } from "./flag.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isObject } from "./json.ts";
import type { Problem } from "./problem.ts";
import { describe } from "./problem.ts";
import type { References } from "./references.ts";
import { childPath } from "./schema/report.ts";

/** A flag as it is written, with its place and its key. */
export interface FlagEntry {
  readonly path: string;
  readonly key: string;
  readonly flag: JsonObject;
}

/** What a flag is read in the light of. Problems and warnings are added to the lists. */
export interface ReadOptions {
  readonly references: References;
  /** Metadata of the whole set. */
  readonly set: JsonObject | undefined;
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** Reads one flag; undefined, with the problems added, when upstream would reject the document for it. */
export function readFlag({ path, key, flag: written }: FlagEntry, o: ReadOptions): FlagDefinition | undefined {
  const { references, set, problems, warnings } = o;
  for (const name of references.unknownNames(written)) {
    warnings.push({ path, message: `refers to ${describe(name)}, which is not in $evaluators` });
  }
  const replaced = references.replace(written);
  if (!replaced.ok) {
    problems.push({ path, message: replaced.message });
    return undefined;
  }
  const { flag } = replaced;
  const field = (name: string): string => childPath(path, name);
  const state = stringOr(flag.state, field("state"), problems);
  const defaultVariant = stringOr(flag.defaultVariant, field("defaultVariant"), problems);
  stringOr(flag.source, field("source"), problems);
  const variants = objectOr(flag.variants, field("variants"), problems) ?? {};
  const own = objectOr(flag.metadata, field("metadata"), problems);
  if (defaultVariant !== "" && !Object.hasOwn(variants, defaultVariant)) {
    const known = Object.keys(variants).join(", ") || "none defined";
    problems.push({
      path: field("defaultVariant"),
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

/** The object, undefined for null and nothing; everything else is a problem. */
export function objectOr(
  value: JsonValue | undefined,
  path: string,
  problems: Problem[],
  wanted = "an object",
): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  problems.push({ path, message: `is ${describe(value)}, expected ${wanted}` });
  return undefined;
}
