import type { Failed, FlagDefinition, FlagType, Reason, Resolution } from "./flag.ts";
import { flagSetIdOf } from "./flag.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isList, isObject } from "./json.ts";
import type { Targeting } from "./targeting/compile.ts";
import { compileTargeting } from "./targeting/compile.ts";

/** The answers for one variant and reason by type: made once, returned again and again. Undefined where the value does not fit. */
export interface Answers {
  readonly fitting: { readonly [T in FlagType]: Resolution | undefined };
  readonly variant: string;
}

/** A flag ready to be evaluated. */
export interface CompiledFlag {
  readonly definition: FlagDefinition;
  /** Undefined when the flag belongs to no set. */
  readonly flagSetId: string | undefined;
  /** What every answer carries: the merged metadata without nulls. */
  readonly metadata: JsonObject;
  /** Absent when the flag is disabled or has no targeting. */
  readonly targeting: Targeting | undefined;
  /** The answer without targeting, or where targeting gives null. */
  readonly standard: Answers;
  /** The answer for each variant that targeting may name; undefined for a name that no variant has. */
  readonly match: (name: string) => Answers | undefined;
}

/** Prepares a flag: compiles its targeting and makes all answers it can give. Never throws for a parsed definition. */
export function compileFlag(definition: FlagDefinition): CompiledFlag {
  const { key, state, defaultVariant, variants } = definition;
  const metadata = withoutNulls(definition.metadata ?? {});
  const answers = (reason: Reason, variant: string): Answers =>
    answersFor({ reason, variant, value: variants[variant] ?? null, metadata });
  const disabled = state === "DISABLED";
  const rule = definition.targeting;
  const targeting = disabled || rule === undefined || isEmpty(rule) ? undefined : compileTargeting(rule, key);
  const standard = (): Answers => {
    if (disabled) return withoutValue("DISABLED", metadata);
    if (defaultVariant === "") return withoutValue("FALLBACK", metadata);
    return answers(targeting === undefined ? "STATIC" : "DEFAULT", defaultVariant);
  };
  const names = targeting === undefined ? [] : Object.keys(variants);
  const match = createMatch(names.map((name) => [name, answers("TARGETING_MATCH", name)]));
  return {
    definition,
    flagSetId: flagSetIdOf(definition),
    metadata,
    targeting,
    standard: standard(),
    match,
  };
}

/** Flags have few variants: comparing with two or three names is quicker than hashing one. */
function createMatch(all: readonly (readonly [string, Answers])[]): CompiledFlag["match"] {
  const [first, second, third, ...rest] = all;
  const [a, forA] = first ?? [];
  const [b, forB] = second ?? [];
  const [c, forC] = third ?? [];
  const others = rest.length === 0 ? undefined : new Map(rest);
  return (name) => {
    if (name === a) return forA;
    if (name === b) return forB;
    if (name === c) return forC;
    return others?.get(name);
  };
}

function isEmpty(rule: JsonValue): boolean {
  return isObject(rule) && Object.keys(rule).length === 0;
}

function withoutNulls(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
}

function withoutValue(reason: Reason, metadata: JsonObject): Answers {
  return sameForAll({ ok: true, value: undefined, variant: undefined, reason, metadata });
}

function sameForAll(answer: Resolution): Answers {
  const fitting = { boolean: answer, string: answer, int: answer, float: answer, object: answer, any: answer };
  return { fitting, variant: "" };
}

interface Candidate {
  readonly reason: Reason;
  readonly variant: string;
  readonly value: JsonValue;
  readonly metadata: JsonObject;
}

function answersFor({ reason, variant, value, metadata }: Candidate): Answers {
  const answer: Resolution = { ok: true, value, variant, reason, metadata };
  const whole = typeof value === "number" ? toInt64(value) : undefined;
  return {
    fitting: {
      boolean: typeof value === "boolean" ? answer : undefined,
      string: typeof value === "string" ? answer : undefined,
      float: typeof value === "number" ? answer : undefined,
      int: whole === undefined ? undefined : { ...answer, value: whole },
      object: isObject(value) ? answer : undefined,
      any: value === null ? undefined : answer,
    },
    variant,
  };
}

const wanted: Readonly<Record<FlagType, string>> = {
  boolean: "a boolean",
  string: "a string",
  float: "a number",
  int: "a number that fits 64 bits",
  object: "an object",
  any: "a value",
};

/** The answer for a variant whose value is not of the type asked for. Made when asked: kept for every type, they would be most of a flag's memory. */
export function mismatch({ definition, metadata }: CompiledFlag, variant: string, type: FlagType): Failed {
  const value = definition.variants[variant] ?? null;
  return {
    ok: false,
    errorCode: "TYPE_MISMATCH",
    message: `flag "${definition.key}": variant "${variant}" is ${kind(value)}, expected ${wanted[type]}`,
    variant,
    metadata,
  };
}

/** Cuts the fraction off, as upstream does; undefined beyond what an int64 holds, where upstream's result is undefined. */
function toInt64(value: number): number | undefined {
  const whole = Math.trunc(value) + 0;
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? whole : undefined;
}

function kind(value: JsonValue): string {
  if (value === null) return "null";
  if (isList(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
