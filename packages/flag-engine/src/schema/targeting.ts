import type { JsonObject, JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import { describe } from "../problem.ts";
import { operators } from "../targeting/operators/index.ts";
import { semVerOperands, varOperand } from "./operands.ts";
import type { Report } from "./report.ts";
import { hint, inside, violation } from "./report.ts";

/** What the schema says of an operator: which others may stand beside it in one object, and what it takes. */
interface OperatorSchema {
  readonly group: string;
  check(operands: JsonValue, report: Report): void;
}

/** Between `min` and `max` operands, each of them a value, an operator call or a reference. */
function list(min: number, max: number, check = checkOperand): OperatorSchema["check"] {
  const wanted = max === Infinity ? `${min} or more` : min === max ? String(min) : `${min} to ${max}`;
  return (operands, report) => {
    if (!isList(operands)) {
      violation(report, `is ${describe(operands)}, expected a list of ${wanted} operands`);
      return;
    }
    if (operands.length < min || operands.length > max) {
      violation(report, `has ${operands.length} operands, expected ${wanted}`);
    }
    each(operands, report, check);
  };
}

function each(items: readonly JsonValue[], report: Report, check: OperatorSchema["check"]): void {
  for (let i = 0; i < items.length; i++) {
    inside(report, i, () => check(items[i] ?? null, report));
  }
}

const variadic = list(1, Infinity);
const binary = list(2, 2);
const twoOrThree = list(2, 3);
const names = list(0, Infinity, (name, report) => {
  if (typeof name !== "string") violation(report, `is ${describe(name)}, expected the name of a variable`);
});

function unary(operands: JsonValue, report: Report): void {
  checkOperand(operands, report);
}

function missingSome(operands: JsonValue, report: Report): void {
  list(2, 2, () => {})(operands, report);
  if (!isList(operands)) return;
  const [needed, from] = operands;
  if (needed !== undefined && typeof needed !== "number") {
    violation(report, `has ${describe(needed)} first, expected how many variables are needed`);
  }
  if (from === undefined) return;
  inside(report, 1, () => names(from, report));
}

/** A text or an operator call; no reference. */
function comparedText(operand: JsonValue, report: Report): void {
  if (typeof operand === "string") return;
  if (isObject(operand)) checkCall(operand, report);
  else violation(report, `is ${describe(operand)}, expected a string or an operator call`);
}

/** What is hashed, unless it is left out, then the buckets. */
function fractional(operands: JsonValue, report: Report): void {
  list(1, Infinity, () => {})(operands, report);
  if (!isList(operands)) return;
  each(operands, report, (operand) => {
    const first = report.trail.at(-1) === 0;
    if (first && isObject(operand)) checkCall(operand, report);
    else if (isList(operand)) checkBucket(operand, report);
    else violation(report, `is ${describe(operand)}, expected ${first ? "an operator call or " : ""}[variant, weight]`);
  });
}

function checkBucket(bucket: readonly JsonValue[], report: Report): void {
  if (bucket.length < 1 || bucket.length > 2) {
    violation(report, `has ${bucket.length} elements, expected [variant] or [variant, weight]`);
  }
  each(bucket.slice(0, 2), report, (element) => {
    if (report.trail.at(-1) === 0) checkOperand(element, report);
    else if (isObject(element)) checkCall(element, report);
    else if (typeof element !== "number" || !Number.isInteger(element) || element < 0) {
      violation(report, `is ${describe(element)}, expected a whole number from 0 on or an operator call`);
    }
  });
}

const schema: ReadonlyMap<string, OperatorSchema> = new Map([
  ["var", { group: "var", check: varOperand }],
  ["missing", { group: "missing", check: names }],
  ["missing_some", { group: "missing_some", check: missingSome }],
  ...group("range", ["substr", "<", "<="], twoOrThree),
  ["if", { group: "binary", check: variadic }],
  ...group("binary", ["==", "===", "!=", "!==", ">", ">=", "%", "/"], binary),
  ...group("binary", ["map", "filter", "all", "none", "some", "in"], binary),
  ["reduce", { group: "reduce", check: list(3, 3) }],
  ["*", { group: "associative", check: list(2, Infinity) }],
  ...group("unary", ["!", "!!"], unary),
  ...group("variadic", ["or", "and", "+", "-", "max", "min", "merge", "cat"], variadic),
  ...group("text", ["starts_with", "ends_with"], list(2, 2, comparedText)),
  ["sem_ver", { group: "sem_ver", check: semVerOperands }],
  ["fractional", { group: "fractional", check: fractional }],
]);

function group(name: string, members: readonly string[], check: OperatorSchema["check"]): [string, OperatorSchema][] {
  return members.map((member) => [member, { group: name, check }]);
}

/** Checks what stands under `targeting` or under a name in `$evaluators`. */
export function checkTargeting(rule: JsonValue, report: Report): void {
  if (isObject(rule)) checkCall(rule, report);
  else violation(report, `is ${describe(rule)}, expected an operator call or {}`);
}

/** Lists are values of their own to the schema, which does not look into them; we do. */
function checkOperand(operand: JsonValue, report: Report): void {
  if (isList(operand)) each(operand, report, lookInto);
  if (!isObject(operand)) return;
  const keys = Object.keys(operand);
  if (keys.length === 0) violation(report, "is {}, expected a value, an operator call or a reference");
  else if (keys.length > 1 || keys[0] !== "$ref") checkCall(operand, report);
  else if (typeof operand.$ref !== "string") {
    violation(report, `refers to ${describe(operand.$ref)}, expected the name of a rule in $evaluators`);
  }
}

function checkCall(call: JsonObject, report: Report): void {
  const keys = Object.keys(call);
  const first = schema.get(keys[0] ?? "");
  for (const name of keys) {
    const operator = schema.get(name);
    if (operator === undefined) violation(report, unknownOperator(name));
    else if (operator.group !== first?.group)
      violation(report, `uses "${keys[0]}" and "${name}", expected one operator`);
    else {
      report.trail.push(name);
      operator.check(call[name] ?? null, report);
      report.trail.pop();
    }
  }
}

function unknownOperator(name: string): string {
  if (name === "$ref") return "is a reference, expected an operator call: the schema takes references as operands only";
  if (operators.has(name)) return `uses the operator "${name}", which works but is not in the schema`;
  return `uses the unknown operator "${name}"`;
}

/** Names unknown operators where the schema takes anything. */
function lookInto(value: JsonValue, report: Report): void {
  if (isList(value)) each(value, report, lookInto);
  if (!isObject(value)) return;
  const [name, ...rest] = Object.keys(value);
  if (name === undefined || rest.length > 0 || name === "$ref") return;
  if (!operators.has(name)) hint(report, unknownOperator(name));
  inside(report, name, () => lookInto(value[name] ?? null, report));
}
