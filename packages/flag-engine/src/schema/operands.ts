import type { JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import { describe } from "../problem.ts";
import type { Report } from "./report.ts";
import { inside, violation } from "./report.ts";

const ownVariable = /^\$flagd\.(?:timestamp|flagKey)$/;
const reservedVariable = /^\$flagd\.[^\n]*$/;

/** The schema restricts only what starts with `$flagd.`. */
export function varOperand(operand: JsonValue, report: Report): void {
  if (typeof operand === "string" && reservedVariable.test(operand) && !ownVariable.test(operand)) {
    violation(report, `is ${describe(operand)}, expected "$flagd.flagKey" or "$flagd.timestamp"`);
  }
}

const semVer =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;
const semVerOperators: readonly JsonValue[] = ["=", "!=", ">", "<", ">=", "<=", "~", "^"];

/** Version, operator, version; a version is written in full or read with `var`. */
export function semVerOperands(operands: JsonValue, report: Report): void {
  if (!isList(operands)) {
    violation(report, `is ${describe(operands)}, expected [version, operator, version]`);
    return;
  }
  if (operands.length !== 3) {
    violation(report, `has ${operands.length} operands, expected 3: version, operator, version`);
  }
  const [left = "0.0.0", operator = "=", right = "0.0.0"] = operands;
  inside(report, 0, () => semVerOperand(left, report));
  if (!semVerOperators.includes(operator)) {
    inside(report, 1, () =>
      violation(report, `is ${describe(operator)}, expected one of: ${semVerOperators.join(" ")}`),
    );
  }
  inside(report, 2, () => semVerOperand(right, report));
}

function semVerOperand(version: JsonValue, report: Report): void {
  if (typeof version === "string") {
    if (!semVer.test(version)) violation(report, `is ${describe(version)}, expected a version such as 1.2.3`);
    return;
  }
  const keys = isObject(version) ? Object.keys(version) : ["none"];
  if (!isObject(version) || keys.length > 1 || (keys[0] ?? "var") !== "var") {
    violation(report, `is ${describe(version)}, expected a version such as 1.2.3 or a "var"`);
    return;
  }
  const { var: path } = version;
  if (path !== undefined) inside(report, "var", () => varOperand(path, report));
}
