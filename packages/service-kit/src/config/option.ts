import type { Static, TSchema } from "typebox";
import { Check, Errors } from "typebox/schema";
import { formatGoDuration, parseGoDuration, tryParseGoDuration } from "../duration.ts";
import { parseJson } from "../parse-json.ts";
import { redactUrl } from "../redact.ts";
import { Secret } from "../secret.ts";
import { fallback, type Given, make, type Option, type Reading, type Rule, type Shape } from "./make-option.ts";

function string<const O extends Shape & Rule & { readonly default?: string; readonly choices?: readonly string[] }>(
  o: O,
): Option<Given<O, O extends { readonly choices: readonly (infer C)[] } ? C : string>>;
function string(
  o: Shape & Rule & { readonly default?: string; readonly choices?: readonly string[] },
): Option<string | undefined> {
  const { choices, expects } = o;
  return make(o, {
    type: choices === undefined ? "string" : choices.join("|"),
    default: fallback(o.default, String),
    read: (text) => {
      if (choices === undefined || choices.includes(text)) return readText(text, expects);
      return { expected: `one of: ${choices.map((choice) => (choice === "" ? '""' : choice)).join(", ")}` };
    },
  });
}

function readText(text: string, expects: Rule["expects"]): Reading<string> {
  const expected = expects?.(text);
  return expected === undefined ? { value: text } : { expected };
}

interface Limits {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

function limits({ min, max }: Limits): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}

function numeric<const O extends Shape & Limits>(o: O, type: "integer" | "number" | "port"): Option<Given<O, number>> {
  const pattern = type === "number" ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i : /^[+-]?\d+$/;
  const expected = `${type === "integer" ? "an" : "a"} ${type}${limits(o)}`;
  return make(o, {
    type,
    default: fallback(o.default, String),
    read: (text) => {
      const value = Number(text);
      const fits =
        pattern.test(text) && Number.isFinite(value) && value >= (o.min ?? -Infinity) && value <= (o.max ?? Infinity);
      return fits ? { value } : { expected };
    },
  });
}

function integer<const O extends Shape & Limits>(o: O): Option<Given<O, number>> {
  return numeric(o, "integer");
}

function number<const O extends Shape & Limits>(o: O): Option<Given<O, number>> {
  return numeric(o, "number");
}

function port<const O extends Shape & { readonly default?: number }>(o: O): Option<Given<O, number>> {
  return numeric({ ...o, min: 0, max: 65_535 }, "port");
}

function boolean<const O extends Shape & { readonly default?: boolean }>(o: O): Option<Given<O, boolean>> {
  const words = new Map([
    ...["true", "t", "1", "yes"].map((w) => [w, true] as const),
    ...["false", "f", "0", "no"].map((w) => [w, false] as const),
  ]);
  return make(o, {
    type: "boolean",
    form: "switch",
    default: fallback(o.default, String),
    read: (text) => {
      const value = words.get(text.toLowerCase());
      return value === undefined ? { expected: "true or false" } : { value };
    },
  });
}

/** The value is a number of milliseconds; default and limits are written as Go durations. */
function duration<const O extends Shape & { readonly default?: string; readonly min?: string; readonly max?: string }>(
  o: O,
): Option<Given<O, number>> {
  const min = o.min === undefined ? 0 : parseGoDuration(o.min);
  const max = o.max === undefined ? Infinity : parseGoDuration(o.max);
  const range = `${o.min === undefined ? "" : ` of at least ${o.min}`}${o.max === undefined ? "" : ` and at most ${o.max}`}`;
  return make(o, {
    type: "duration",
    default:
      o.default === undefined
        ? undefined
        : { value: parseGoDuration(o.default), text: formatGoDuration(parseGoDuration(o.default)) },
    read: (text) => {
      const ms = tryParseGoDuration(text);
      return ms !== undefined && ms >= min && ms <= max
        ? { value: ms }
        : { expected: `a duration such as 10s or 1m30s${range}` };
    },
  });
}

function url<const O extends Shape & { readonly default?: string; readonly protocols?: readonly string[] }>(
  o: O,
): Option<Given<O, string>> {
  const protocols = o.protocols ?? ["http", "https"];
  return make(o, {
    type: "url",
    default: fallback(o.default, redactUrl),
    read: (text) => {
      const parsed = URL.canParse(text) ? new URL(text) : undefined;
      if (parsed !== undefined && protocols.includes(parsed.protocol.slice(0, -1))) return { value: text };
      return {
        expected: `a URL starting with ${protocols.map((p) => `${p}://`).join(" or ")}`,
        shown: redactUrl(text),
      };
    },
  });
}

/** A list: the flag may be repeated, and each text may hold several items between commas. A rule is for each item. */
function list<const O extends Shape & Rule & { readonly default?: readonly string[] }>(
  o: O,
): Option<Given<O, readonly string[]>> {
  return make(o, {
    type: "list",
    form: "many",
    default: fallback<readonly string[]>(o.default, (items) => items.join(",")),
    read: (_, texts) => {
      const items = texts
        .flatMap((text) => text.split(","))
        .map((item) => item.trim())
        .filter((item) => item !== "");
      for (const item of items) {
        const expected = o.expects?.(item);
        if (expected !== undefined) return { expected, shown: item };
      }
      return { value: items };
    },
  });
}

/** `key=value` pairs: the flag may be repeated, each text may hold several pairs between commas, or be a JSON object of texts. */
function map<const O extends Shape & { readonly default?: Readonly<Record<string, string>> }>(
  o: O,
): Option<Given<O, Readonly<Record<string, string>>>> {
  return make(o, {
    type: "key=value,…",
    form: "many",
    default: fallback<Readonly<Record<string, string>>>(o.default, (pairs) =>
      Object.entries(pairs)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    ),
    read: (_, texts) => {
      const pairs = texts.flatMap(pairsOf);
      if (pairs.every((pair) => pair !== undefined)) return { value: Object.fromEntries(pairs) };
      return { expected: 'key=value pairs separated by commas, or a JSON object such as {"key":"value"}' };
    },
  });
}

/** The pairs in one text; undefined for each that is none. */
function pairsOf(text: string): ([string, string] | undefined)[] {
  if (text.trim().startsWith("{")) {
    const parsed = parseJson(text);
    if (typeof parsed !== "object" || parsed === null) return [undefined];
    return Object.entries(parsed).map(([key, value]) => (typeof value === "object" ? undefined : [key, String(value)]));
  }
  const pairs = text.split(",").map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at > 0 ? [pair.slice(0, at), pair.slice(at + 1)] : undefined;
    });
}

/** A text that is never printed. Every secret `x` has a twin flag `--x-file` that reads it from a file. */
function secret<const O extends Shape & Rule & { readonly default?: string }>(o: O): Option<Given<O, Secret>> {
  return make(o, {
    type: "secret",
    form: "secret",
    default: o.default === undefined ? undefined : { value: new Secret(o.default), text: shownDefault(o.default) },
    read: (text) => {
      const reading = readText(text, o.expects);
      return "value" in reading ? { value: new Secret(reading.value) } : reading;
    },
  });
}

/** A default such as `redis://127.0.0.1:6379` is worth showing, without credentials. */
function shownDefault(text: string): string {
  return URL.canParse(text) && new URL(text).host !== "" ? redactUrl(text) : "***";
}

/** JSON that must fit the schema. Problems name the path inside the document. */
function json<T extends TSchema, const O extends Shape & { readonly default?: unknown }>(
  schema: T,
  o: O,
): Option<Given<O, Static<T>>> {
  const check = (value: unknown): value is Static<T> => Check(schema, value);
  return make(o, {
    type: "json",
    default:
      o.default !== undefined && check(o.default) ? { value: o.default, text: JSON.stringify(o.default) } : undefined,
    read: (text) => {
      const parsed = parseJson(text);
      if (parsed === undefined) return { expected: "valid JSON" };
      if (check(parsed)) return { value: parsed };
      const [, [first]] = Errors(schema, parsed);
      return { expected: `JSON in which ${first?.instancePath || "the value"} ${first?.message ?? "fits the schema"}` };
    },
  });
}

/** The kinds of settings. Without `default` a setting is required, unless `optional: true`. */
export const option = { string, integer, number, boolean, port, duration, url, list, map, secret, json };
