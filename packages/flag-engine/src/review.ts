import type { JsonObject, JsonValue } from "./json.ts";
import { isList, isObject } from "./json.ts";
import type { Problem } from "./problem.ts";
import { describe } from "./problem.ts";
import { operators } from "./targeting/operators/index.ts";

/** What the official schema forbids and upstream only warns about. The flag is served all the same. */
export function reviewFlag(flag: JsonObject, path: string, warnings: Problem[]): void {
  const warn = (field: string, message: string): void => {
    warnings.push({ path: `${path}.${field}`, message });
  };
  if (flag.state !== "ENABLED" && flag.state !== "DISABLED") {
    warn("state", `is ${describe(flag.state)}, expected "ENABLED" or "DISABLED"; the flag is served as enabled`);
  }
  reviewVariants(flag.variants, warn);
  if (isObject(flag.metadata)) {
    for (const [key, value] of Object.entries(flag.metadata)) {
      if (typeof value === "object")
        warn(`metadata.${key}`, `is ${describe(value)}, expected a string, number or boolean`);
    }
  }
  if (flag.targeting !== undefined) reviewRule(flag.targeting, "targeting", warn);
}

type Warn = (field: string, message: string) => void;

function reviewVariants(variants: JsonValue | undefined, warn: Warn): void {
  if (variants === undefined || variants === null || (isObject(variants) && Object.keys(variants).length === 0)) {
    warn("variants", `is ${variants === undefined ? "missing" : "empty"}, expected at least one variant`);
  }
  if (!isObject(variants)) return;
  const kinds = new Set(
    Object.values(variants).map((value) => (isList(value) ? "list" : value === null ? "null" : typeof value)),
  );
  if (kinds.size > 1) warn("variants", `have different types (${[...kinds].join(", ")}), expected one type`);
  for (const [name, value] of Object.entries(variants)) {
    if (isList(value) || value === null) {
      warn(`variants.${name}`, `is ${describe(value)}, expected a boolean, string, number or object`);
    }
  }
}

/** Only names unknown operators: the rest of a rule shows itself when it is evaluated. */
function reviewRule(rule: JsonValue, field: string, warn: Warn): void {
  if (isList(rule)) {
    rule.forEach((item, index) => {
      reviewRule(item, `${field}[${index}]`, warn);
    });
  }
  if (!isObject(rule)) return;
  const [entry, ...rest] = Object.entries(rule);
  if (entry === undefined || rest.length > 0) return;
  const [name, operands] = entry;
  if (name === "$ref") warn(field, `refers to ${describe(operands)}, which is not in $evaluators`);
  else if (!operators.has(name)) warn(field, `uses the unknown operator "${name}"`);
  else reviewRule(operands, `${field}.${name}`, warn);
}
