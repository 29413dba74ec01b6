import type { JsonList, JsonObject, JsonValue } from "../../json.ts";
import { isList, isObject, property } from "../../json.ts";
import type { Buckets } from "../buckets.ts";
import { bucketOf, parseBuckets, pick } from "../buckets.ts";
import type { Expression, OperatorCompiler, Scope } from "../expression.ts";
import { murmur3, murmur3After } from "../murmur3.ts";

/**
 * `fractional`: the bucketing value (a text in first place, else flag key and targeting key together) is hashed to one of the
 * weighted variants. Everything it cannot use gives null.
 */
export const fractional: OperatorCompiler = (operands, scope, compile) => {
  if (isList(operands)) {
    const prepared = prepare(
      operands.map((item) => compile.value(item, scope)),
      scope,
    );
    if (prepared !== undefined) return prepared;
  }
  const all = compile.value(operands, scope);
  return (data, now, outer) => distribute(all(data, now, outer), data, scope);
};

/** With written variants and weights only the hash is left to do at evaluation. */
function prepare(items: readonly Expression[], scope: Scope): Expression | undefined {
  const [first, ...rest] = items;
  const written = valuesOf(rest);
  if (first === undefined || written === undefined) return undefined;
  const value = first.constant?.value;
  const byTargetingKey = createByTargetingKey(scope);
  if (isList(value)) {
    const buckets = parseBuckets([value, ...written]);
    return buckets && ((data) => (isObject(data) ? share(byTargetingKey(data), buckets) : null));
  }
  const buckets = parseBuckets(written);
  if (buckets === undefined) return undefined;
  return (data, now, outer) => {
    const bucketBy = first(data, now, outer);
    if (!isObject(data)) return null;
    if (typeof bucketBy === "string") return share(murmur3(bucketBy), buckets);
    if (bucketBy === null) return share(byTargetingKey(data), buckets);
    return distribute([bucketBy, ...written], data, scope);
  };
}

function valuesOf(items: readonly Expression[]): JsonList | undefined {
  const values: JsonValue[] = [];
  for (const { constant } of items) {
    if (constant === undefined) return undefined;
    values.push(constant.value);
  }
  return values;
}

function distribute(values: JsonValue, data: JsonValue, scope: Scope): JsonValue {
  if (!isList(values) || values.length === 0 || !isObject(data)) return null;
  const [first = null, ...rest] = values;
  const hash = typeof first === "string" ? murmur3(first) : createByTargetingKey(scope)(data);
  // A first value that is neither text nor null is the first bucket; a number or an object then cannot be one.
  const buckets = parseBuckets(typeof first === "string" || first === null ? rest : values);
  return buckets === undefined ? null : share(hash, buckets);
}

function share(hash: number | undefined, buckets: Buckets): JsonValue {
  return hash === undefined ? null : pick(buckets, bucketOf(hash, buckets.total));
}

/** Hashes flag key and targeting key without a separator; undefined when there is no targeting key. */
function createByTargetingKey(scope: Scope): (data: JsonObject) => number | undefined {
  const hashAfterFlagKey = murmur3After(scope.flagKey);
  return (data) => {
    const { targetingKey } = data;
    if (typeof targetingKey !== "string" || targetingKey === "") return undefined;
    return scope.root ? hashAfterFlagKey(targetingKey) : murmur3(flagKeyOf(data) + targetingKey);
  };
}

/** Inside `map` and the like the data is an element, which has a flag key only if it carries `$flagd` itself. */
function flagKeyOf(data: JsonObject): string {
  const flagd = property(data, "$flagd");
  const flagKey = isObject(flagd) ? property(flagd, "flagKey") : null;
  return typeof flagKey === "string" ? flagKey : "";
}
