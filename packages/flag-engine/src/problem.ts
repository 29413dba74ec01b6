import type { JsonValue } from "./json.ts";
import { isList } from "./json.ts";

/** Something wrong in a flag document. */
export interface Problem {
  /** Where, for example `flags.header-color.defaultVariant`; empty for the document itself. */
  readonly path: string;
  /** What was found and what was expected. */
  readonly message: string;
}

/** `PATH MESSAGE`, as people read it. */
export function formatProblem({ path, message }: Problem): string {
  return path === "" ? message : `${path} ${message}`;
}

/** How a value is called in messages: short scalars as they are, everything else by its kind. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "object") return isList(value) ? "a list" : "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
