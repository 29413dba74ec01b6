import type { JsonObject, JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import { describe } from "../problem.ts";
import { checkMetadata } from "./metadata.ts";
import type { Report } from "./report.ts";
import { inside, violation } from "./report.ts";
import { checkTargeting } from "./targeting.ts";

/** Checks one flag. */
export function checkFlag(flag: JsonValue, report: Report): void {
  if (!isObject(flag)) {
    violation(report, `is ${describe(flag)}, expected an object`);
    return;
  }
  const { state, defaultVariant = null } = flag;
  if (state !== "ENABLED" && state !== "DISABLED") {
    at("state", report, `is ${describe(state)}, expected "ENABLED" or "DISABLED"; the flag is served as enabled`);
  }
  if (typeof defaultVariant !== "string" && defaultVariant !== null) {
    at("defaultVariant", report, `is ${describe(defaultVariant)}, expected the name of a variant or null`);
  }
  field("variants", flag, report, checkVariants);
  if (flag.variants === undefined) at("variants", report, "is missing, expected at least one variant");
  field("targeting", flag, report, checkTargeting);
  field("metadata", flag, report, checkMetadata);
}

function checkVariants(variants: JsonValue, report: Report): void {
  if (!isObject(variants)) {
    violation(report, `is ${describe(variants)}, expected an object of name and value`);
    return;
  }
  const names = Object.keys(variants);
  if (names.length === 0) {
    violation(report, "is empty, expected at least one variant");
    return;
  }
  const kinds = new Set<string>();
  for (const name of names) {
    const value = variants[name] ?? null;
    if (name === "" || name.includes("\n")) at(name, report, "has an empty name or one of several lines");
    if (isList(value) || value === null) {
      at(name, report, `is ${describe(value)}, expected a boolean, string, number or object`);
    } else kinds.add(typeof value);
  }
  if (kinds.size > 1) violation(report, `have different types (${[...kinds].join(", ")}), expected one type`);
}

type Check = (value: JsonValue, report: Report) => void;

function field(key: string, flag: JsonObject, report: Report, check: Check): void {
  const value = flag[key];
  if (value === undefined) return;
  inside(report, key, () => check(value, report));
}

function at(key: string, report: Report, message: string): void {
  inside(report, key, () => violation(report, message));
}
