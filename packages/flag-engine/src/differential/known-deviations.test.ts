import { readFileSync } from "node:fs";
import type { EvaluationContext } from "@openfeature/core";
import { FlagdCore } from "@openfeature/flagd-core";
import jsonLogic from "json-logic-js";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json.ts";
import { compileTargeting } from "../targeting/compile.ts";
import type { Deviation } from "./known-deviations.ts";
import { error, flagdCore, jsonLogicJs } from "./known-deviations.ts";

const rows = (deviations: readonly Deviation[]): [string, Deviation][] =>
  deviations.map((deviation) => [`${JSON.stringify(deviation.rule)}: ${deviation.why}`, deviation]);

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (caught) {
    return caught instanceof Error || typeof caught === "object" ? error : caught;
  }
}

/** What docs/compatibility.md has for a deviation. */
function documented({ rule, data, ours, theirs, why }: Deviation): string {
  const shown = (value: Deviation["theirs"]): string => {
    if (value === error) return "an error";
    return typeof value === "number" || value === undefined ? String(value) : code(value);
  };
  const code = (value: JsonValue): string => `\`${JSON.stringify(value).replaceAll("|", "\\|")}\``;
  const context = data === undefined ? "" : ` of ${code(data)}`;
  return `| ${code(rule)}${context} | ${shown(theirs)} | ${shown(ours)} | ${why} |`;
}

describe("docs/compatibility.md", () => {
  const page = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");
  it.each([...jsonLogicJs, ...flagdCore].map(documented))("has the row %s", (row) => {
    expect(page).toContain(row);
  });
});

describe("json-logic-js", () => {
  it.each(rows(jsonLogicJs))("%s", (_, { rule, data = {}, ours, theirs }) => {
    expect(outcome(() => compileTargeting(rule, "flag")(data, 0))).toEqual(ours);
    expect(outcome(() => Reflect.apply(jsonLogic.apply, jsonLogic, [rule, data]))).toEqual(theirs);
  });
});

describe("@openfeature/flagd-core", () => {
  it.each(rows(flagdCore))("%s", (_, { rule, data = {}, ours, theirs }) => {
    expect(outcome(() => compileTargeting(rule, "flag")(data, 0))).toEqual(ours);
    expect(variantOf(rule, data)).toEqual(theirs);
  });

  function variantOf(targeting: JsonValue, data: JsonObject): string | null | typeof error {
    const silent = { error() {}, warn() {}, info() {}, debug() {} };
    const core = new FlagdCore(undefined, silent, { disableDynamicCodeGeneration: true });
    const variants = { a: "A", b: "B" };
    core.setConfigurations(JSON.stringify({ flags: { flag: { state: "ENABLED", variants, targeting } } }));
    const context: EvaluationContext = JSON.parse(JSON.stringify(data));
    const details = core.resolveStringEvaluation("flag", "fallback", context);
    return details.reason === "ERROR" ? error : (details.variant ?? null);
  }
});
