import type { JsonValue } from "../../json.ts";
import { isList } from "../../json.ts";
import type { OperatorCompiler } from "../expression.ts";
import type { Version } from "../version.ts";
import { compareVersions, packVersion, parseVersion } from "../version.ts";

type Test = (a: Version, b: Version) => boolean;

const tests: ReadonlyMap<JsonValue, Test> = new Map<JsonValue, Test>([
  ["=", (a, b) => compareVersions(a, b) === 0],
  ["!=", (a, b) => compareVersions(a, b) !== 0],
  ["<", (a, b) => compareVersions(a, b) < 0],
  ["<=", (a, b) => compareVersions(a, b) <= 0],
  [">", (a, b) => compareVersions(a, b) > 0],
  [">=", (a, b) => compareVersions(a, b) >= 0],
  ["^", (a, b) => a.major === b.major],
  ["~", (a, b) => a.major === b.major && a.minor === b.minor],
]);

/** For two plain versions, by the difference of their numbers. */
const quickTests: ReadonlyMap<JsonValue, (difference: number) => boolean> = new Map<
  JsonValue,
  (difference: number) => boolean
>([
  ["=", (difference) => difference === 0],
  ["!=", (difference) => difference !== 0],
  ["<", (difference) => difference < 0],
  ["<=", (difference) => difference <= 0],
  [">", (difference) => difference > 0],
  [">=", (difference) => difference >= 0],
]);

function packed(value: JsonValue): number | undefined {
  return typeof value === "string" ? packVersion(value) : undefined;
}

/** `sem_ver`: version, operator, version; everything it cannot read gives null. */
export const semVer: OperatorCompiler = (operands, scope, compile) => {
  if (isList(operands) && operands.length === 3) {
    const [left, operator, right] = operands.map((item) => compile.value(item, scope));
    const test = operator?.constant && tests.get(operator.constant.value);
    if (left !== undefined && right !== undefined && test !== undefined) {
      const known = right.constant && readVersion(right.constant.value);
      const wanted = right.constant && packed(right.constant.value);
      const quick = quickTests.get(operator?.constant?.value ?? null);
      return (data, now, outer) => {
        const value = left(data, now, outer);
        if (wanted !== undefined && quick !== undefined) {
          const version = packed(value);
          if (version !== undefined) return quick(version - wanted);
        }
        const a = readVersion(value);
        const b = right.constant === undefined ? readVersion(right(data, now, outer)) : known;
        return a === undefined || b === undefined ? null : test(a, b);
      };
    }
  }
  const all = compile.value(operands, scope);
  return (data, now, outer) => {
    const values = all(data, now, outer);
    if (!isList(values) || values.length !== 3) return null;
    const [left = null, operator = null, right = null] = values;
    const a = readVersion(left);
    const b = readVersion(right);
    const test = tests.get(operator);
    return a === undefined || b === undefined || test === undefined ? null : test(a, b);
  };
};

/** Numbers are versions too: 1 is 1.0.0, 1.2 is 1.2.0. */
function readVersion(value: JsonValue): Version | undefined {
  if (typeof value === "string") return parseVersion(value);
  // Go writes a million and more with an exponent, and -0 with its sign: neither is a version.
  return typeof value === "number" && value < 1_000_000 && !Object.is(value, -0)
    ? parseVersion(String(value))
    : undefined;
}
