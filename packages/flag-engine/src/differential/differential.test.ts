import type { EvaluationContext } from "@openfeature/core";
import { FlagdCore } from "@openfeature/flagd-core";
import fc from "fast-check";
import jsonLogic from "json-logic-js";
import { describe, expect, it } from "vitest";
import { compileFlag } from "../compile.ts";
import { evaluateFlag } from "../evaluate.ts";
import type { Resolution } from "../flag.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { parseFlagText } from "../parse.ts";
import { compileTargeting } from "../targeting/compile.ts";
import { contexts, rules, targetings } from "./rules.ts";

/** 1 checks 200,000 pairs of rule and context against each oracle. */
const scale = Number(process.env.BURGEE_TEST_SCALE ?? "0.05");
const contextsPerRule = 20;
const numRuns = Math.max(20, Math.round((200_000 * scale) / contextsPerRule));
const manyContexts = fc.array(contexts, { minLength: contextsPerRule, maxLength: contextsPerRule });

describe("against json-logic-js", () => {
  const { number, text, boolean } = rules({ flagd: false });
  it(`gives the same results for ${numRuns * contextsPerRule} pairs`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(number, text, boolean), manyContexts, (rule, all) => {
        const run = compileTargeting(rule, "flag");
        for (const context of all) expect(plain(run(context, 0))).toEqual(plain(oracle(rule, context)));
      }),
      { numRuns },
    );
  });
});

/** Without the difference between 0 and -0, which JSON does not have. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The typings of json-logic-js name every operator; generated rules are only known as JSON. */
function oracle(rule: JsonValue, context: JsonObject): unknown {
  const apply: (logic: never, data: unknown) => unknown = jsonLogic.apply;
  return Reflect.apply(apply, jsonLogic, [rule, context]);
}

describe("against @openfeature/flagd-core", () => {
  const variants: JsonObject = { red: "r", green: "g", blue: "b" };
  const silent = { error() {}, warn() {}, info() {}, debug() {} };
  // Its default mode generates code that throws for some rules that its interpreter evaluates: `{"-": [{"if": …}, 1]}`.
  const interpreted = { disableDynamicCodeGeneration: true };
  const flags = fc.record(
    {
      state: fc.constantFrom<JsonValue[]>("ENABLED", "ENABLED", "ENABLED", "DISABLED"),
      variants: fc.constant(variants),
      defaultVariant: fc.constantFrom<JsonValue[]>("red", "green", null),
      targeting: targetings(Object.keys(variants)),
    },
    { requiredKeys: ["state", "variants"] },
  );

  it(`gives the same answers for ${numRuns * contextsPerRule} pairs`, { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(flags, manyContexts, (flag, all) => {
        const text = JSON.stringify({ flags: { flag } });
        const core = new FlagdCore(undefined, silent, interpreted);
        core.setConfigurations(text);
        const parsed = parseFlagText(text);
        const [definition] = parsed.ok ? parsed.document.flags : [];
        if (definition === undefined) throw new Error("the flag was not read");
        const compiled = compileFlag(definition);
        for (const context of all) {
          const ours = evaluateFlag(compiled, { type: "string", context, nowSeconds: 0 });
          const asked: EvaluationContext = JSON.parse(JSON.stringify(context));
          const theirs = core.resolveStringEvaluation("flag", "fallback", asked);
          expect(comparable(ours)).toEqual({ value: theirs.value, variant: theirs.variant, reason: theirs.reason });
        }
      }),
      { numRuns },
    );
  });
});

/** Our answer as a provider would hand it on. */
function comparable(ours: Resolution): { value: unknown; variant: string | undefined; reason: string } {
  if (!ours.ok) return { value: "fallback", variant: undefined, reason: "ERROR" };
  const reason = ours.reason === "FALLBACK" ? "DEFAULT" : ours.reason;
  return { value: ours.value ?? "fallback", variant: ours.variant, reason };
}
