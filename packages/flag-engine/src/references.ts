import type { JsonList, JsonObject, JsonValue } from "./json.ts";
import { isList, isObject } from "./json.ts";

/** How many values one flag may be made of, and all flags together may get from shared rules. */
export const sizeLimits = { flag: 100_000, shared: 5_000_000 } as const;

/** Puts shared rules in the place of references; says so when a document would grow beyond the limits. */
export interface References {
  /** The flag with every reference replaced, or what is wrong with it. Flags share the rules: they are not copied. */
  replace(flag: JsonObject): { readonly ok: true; readonly flag: JsonObject } | { readonly ok: false; message: string };
  /** The names that a rule or flag refers to and that `$evaluators` does not have. */
  unknownNames(value: JsonValue): readonly string[];
}

class TooLarge extends Error {}

interface Shared {
  readonly value: JsonValue;
  readonly size: number;
}

/**
 * Rules may refer to other rules. A name that is not there stays as it is and fails when an evaluation reaches it; so does a
 * rule that refers to itself. A chain of rules that refer twice to the next one doubles with each: sizes are counted before
 * anything of that size is made.
 */
export function createReferences(evaluators: JsonObject): References {
  const known = new Map<string, Shared>();
  let shared = 0;
  /** Of the flag at hand, so far. */
  let size = 0;
  /** Whether a rule that refers to itself was met: then the result depends on where the walk began and is not kept. */
  let circular = false;

  const expand = (value: JsonValue, open: ReadonlySet<string>): JsonValue => {
    size++;
    if (size > sizeLimits.flag) throw new TooLarge();
    if (isList(value)) return expandList(value, open);
    if (!isObject(value)) return value;
    const name = referenceName(value);
    return name === undefined ? expandObject(value, open) : expandName(name, value, open);
  };

  const expandList = (list: JsonList, open: ReadonlySet<string>): JsonValue => {
    let copy: JsonValue[] | undefined;
    for (const [index, item] of list.entries()) {
      const expanded = expand(item, open);
      if (expanded === item) continue;
      copy ??= [...list];
      copy[index] = expanded;
    }
    return copy ?? list;
  };

  const expandObject = (object: JsonObject, open: ReadonlySet<string>): JsonValue => {
    let copy: Map<string, JsonValue> | undefined;
    for (const key of Object.keys(object)) {
      const item = object[key] ?? null;
      const expanded = expand(item, open);
      if (expanded === item) continue;
      copy ??= new Map(Object.entries(object));
      copy.set(key, expanded);
    }
    return copy === undefined ? object : Object.fromEntries(copy);
  };

  const expandName = (name: string, reference: JsonValue, open: ReadonlySet<string>): JsonValue => {
    const found = known.get(name);
    if (found !== undefined) {
      size += found.size;
      if (size > sizeLimits.flag) throw new TooLarge();
      return found.value;
    }
    const rule = Object.hasOwn(evaluators, name) ? evaluators[name] : undefined;
    if (open.has(name)) circular = true;
    if (rule === undefined || open.has(name)) return reference;
    const [sizeBefore, circularBefore] = [size, circular];
    circular = false;
    const value = expand(rule, new Set([...open, name]));
    if (!circular) known.set(name, { value, size: size - sizeBefore });
    circular ||= circularBefore;
    return value;
  };

  return {
    replace(flag) {
      [size, circular] = [0, false];
      try {
        const value = expand(flag, new Set());
        if (value === flag || !isObject(value)) return { ok: true, flag };
        shared += size;
        if (shared <= sizeLimits.shared) return { ok: true, flag: value };
        return { ok: false, message: `brings the flags with shared rules over ${sizeLimits.shared} values` };
      } catch (error) {
        if (!(error instanceof TooLarge)) throw error;
        return { ok: false, message: `has more than ${sizeLimits.flag} values with the rules it refers to` };
      }
    },
    unknownNames(value) {
      const names: string[] = [];
      collectNames(value, names);
      return names.filter((name) => !Object.hasOwn(evaluators, name));
    },
  };
}

function referenceName(value: JsonValue): string | undefined {
  if (!isObject(value)) return undefined;
  const name = value.$ref;
  return typeof name === "string" && Object.keys(value).length === 1 ? name : undefined;
}

function collectNames(value: JsonValue, names: string[]): void {
  if (typeof value !== "object" || value === null) return;
  const name = referenceName(value);
  if (name !== undefined) names.push(name);
  else for (const item of Object.values(value)) collectNames(item, names);
}
