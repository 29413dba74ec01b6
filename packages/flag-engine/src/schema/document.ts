import type { JsonObject, JsonValue } from "../json.ts";
import { isList, isObject } from "../json.ts";
import { describe } from "../problem.ts";
import { checkFlag } from "./flag.ts";
import { checkMetadata } from "./metadata.ts";
import type { Report } from "./report.ts";
import { createReport, inside, violation } from "./report.ts";
import { checkTargeting } from "./targeting.ts";

/** What the official schema (flagd.json, with flags.json and targeting.json) finds in a document, and a little more. */
export function checkSchema(document: JsonObject): Report {
  const report = createReport();
  const at = (key: string, check: (value: JsonValue, report: Report) => void): void => {
    const value = document[key];
    if (value === undefined) return;
    inside(report, key, () => check(value, report));
  };
  at("$evaluators", checkEvaluators);
  at("metadata", checkMetadata);
  at("flags", checkFlags);
  return report;
}

function checkEvaluators(evaluators: JsonValue, report: Report): void {
  checkNamed(evaluators, report, { what: "an object of name and rule", check: checkTargeting });
}

function checkFlags(flags: JsonValue, report: Report): void {
  if (!isList(flags)) {
    checkNamed(flags, report, { what: "an object or a list of flags", check: checkFlag });
    return;
  }
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] ?? null;
    inside(report, i, () => {
      checkFlag(flag, report);
      if (isObject(flag)) inside(report, "key", () => checkKey(flag.key, report));
    });
  }
}

function checkKey(key: JsonValue | undefined, report: Report): void {
  if (typeof key === "string" && key !== "") return;
  violation(report, `is ${describe(key)}, expected a name; this flag is left out`);
}

interface Named {
  readonly what: string;
  check(value: JsonValue, report: Report): void;
}

/** An object whose keys are names: not empty and on one line. */
function checkNamed(value: JsonValue, report: Report, { what, check }: Named): void {
  if (!isObject(value)) {
    violation(report, `is ${describe(value)}, expected ${what}`);
    return;
  }
  for (const key of Object.keys(value)) {
    inside(report, key, () => {
      if (key === "" || key.includes("\n")) violation(report, "has an empty name or one of several lines");
      else check(value[key] ?? null, report);
    });
  }
}
