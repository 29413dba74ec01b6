import type { JsonList, JsonObject, JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import { childPath } from "../schema/report.ts";
import { compileTargeting } from "../targeting/compile.ts";
import { isTrue } from "../targeting/truth.ts";

/** What a rule can give, as far as it is written in it. */
export interface Results {
  /** Names of variants and the first place that gives each. */
  readonly names: Map<string, string>;
  /** Whether other results are possible, which depend on the context. */
  open: boolean;
}

const truths = new Set(["==", "!=", "===", "!==", "<", "<=", ">", ">=", "!", "!!", "in", "all", "none", "some"]);
for (const name of ["starts_with", "ends_with", "sem_ver", "contains_all", "contains_any", "contains_none"])
  truths.add(name);

/** Collects what the rule at this path can give; branches that are never reached give nothing. */
export function resultsOf(rule: JsonValue, path: string): Results {
  const results: Results = { names: new Map(), open: false };
  collect(rule, path, results);
  return results;
}

function collect(rule: JsonValue, path: string, results: Results): void {
  if (rule === null) return;
  if (!isObject(rule)) {
    if (!isList(rule)) add(results, String(rule), path);
    return;
  }
  const [name, ...rest] = Object.keys(rule);
  if (name === undefined || rest.length > 0) return;
  const operands = rule[name] ?? null;
  const at = childPath(path, name);
  if (truths.has(name)) for (const truth of ["true", "false"]) add(results, truth, path);
  else if ((name === "if" || name === "?:") && isList(operands)) {
    for (const { index, rule: then } of reachable(operands).results) collect(then, childPath(at, index), results);
  } else if ((name === "and" || name === "or") && isList(operands)) junction(name, operands, { at, results });
  else if (name === "fractional" && isList(operands)) buckets(operands, at, results);
  else results.open = true;
}

function add({ names }: Results, name: string, path: string): void {
  const plain = name.replaceAll('"', "");
  if (!names.has(plain)) names.set(plain, path);
}

/** All but the last operand come out only when they decide: false ones of `and`, true ones of `or`. */
function junction(name: "and" | "or", operands: JsonList, { at, results }: { at: string; results: Results }): void {
  for (const [index, operand] of operands.entries()) {
    const inner = resultsOf(operand, childPath(at, index));
    results.open ||= inner.open;
    for (const [given, path] of inner.names) {
      const decides = (given !== "" && given !== "false" && given !== "0") === (name === "or");
      if (decides || index === operands.length - 1) add(results, given, path);
    }
  }
}

function buckets(operands: JsonList, at: string, results: Results): void {
  for (const [index, bucket] of operands.entries()) {
    if (!isList(bucket)) {
      // The first one may be what is hashed.
      if (index > 0) results.open = true;
      continue;
    }
    const [variant = null, weight = 1] = bucket;
    if (typeof weight !== "number" || weight > 0) collect(variant, childPath(childPath(at, index), 0), results);
  }
}

interface Branch {
  readonly index: number;
  readonly rule: JsonValue;
}

/** Which results of an `if` can be reached, and which cannot and why. */
export function reachable(operands: JsonList): { results: Branch[]; never: { index: number; why: string }[] } {
  const results: Branch[] = [];
  const never: { index: number; why: string }[] = [];
  const seen = new Set<string>();
  let decided = false;
  for (let index = 0; index < operands.length; index += 2) {
    const rule = operands[index] ?? null;
    const last = index === operands.length - 1;
    const result = last ? { index, rule } : { index: index + 1, rule: operands[index + 1] ?? null };
    const fixed = last ? true : fixedTruth(rule);
    const text = JSON.stringify(rule);
    if (decided) never.push({ index: result.index, why: "a condition before it is always true" });
    else if (fixed === false) never.push({ index: result.index, why: "its condition is never true" });
    else if (!last && seen.has(text)) never.push({ index: result.index, why: "the same condition stands before it" });
    else results.push(result);
    decided ||= fixed === true;
    seen.add(text);
  }
  return { results, never };
}

/** The truth of a condition that reads nothing; undefined for one that depends on the context or fails. */
export function fixedTruth(condition: JsonValue): boolean | undefined {
  if (readsData(condition)) return undefined;
  try {
    return isTrue(compileTargeting(condition, "")({}, 0));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

const reading = new Set(["var", "missing", "missing_some", "fractional", "$ref"]);

function readsData(rule: JsonValue): boolean {
  if (isList(rule)) return rule.some(readsData);
  return isObject(rule) && objectReads(rule);
}

function objectReads(rule: JsonObject): boolean {
  return Object.entries(rule).some(([name, operands]) => reading.has(name) || readsData(operands));
}
