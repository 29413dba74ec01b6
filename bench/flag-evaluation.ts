import { type CompiledFlag, compileFlag, evaluateFlag, type JsonValue, parseFlagDocument } from "@burgee/flag-engine";
import { FlagdCore } from "@openfeature/flagd-core";
import jsonLogic from "json-logic-js";
import { type Context, contexts, flagdRules, rules } from "./flag-rules.ts";
import { alternate, type Bench, type Sample } from "./harness.ts";
import { median } from "./statistics.ts";

const evaluationsPerSample = 500_000;
const people = contexts(64);
const nowSeconds = 1_700_000_000;

/** Evaluations a second of one flag with targeting, in process. */
export const flagEvaluation: Bench = {
  about:
    "flag-engine against json-logic-js (bare rule) and @openfeature/flagd-core (whole resolution), same rules and contexts",
  async run({ rounds, say }) {
    const ratios: Record<string, number> = {};
    const figures: Record<string, number> = {};
    for (const [shape, rule] of Object.entries({ ...rules, ...flagdRules })) {
      const contenders: Record<string, Evaluate> = {
        ours: ours(documentWith(rule)),
        flagdCore: flagdCore(documentWith(rule)),
      };
      if (Object.hasOwn(rules, shape)) contenders.jsonLogic = bareRule(rule);
      checkAgreement(shape, contenders);
      const samplers = Object.fromEntries(
        Object.entries(contenders).map(([name, evaluate]) => [name, sampler(evaluate)]),
      );
      const samples = await alternate(samplers, { rounds, say: (line) => say(`${shape}: ${line}`) });
      const perSecond = (name: string): number => median(samples[name]?.perSecond ?? []);
      figures[`${shape}PerSecond`] = perSecond("ours");
      ratios[`${shape}VsFlagdCore`] = perSecond("ours") / perSecond("flagdCore");
      if (Object.hasOwn(contenders, "jsonLogic"))
        ratios[`${shape}VsJsonLogic`] = perSecond("ours") / perSecond("jsonLogic");
    }
    return { ratios: { ...summary(ratios, "VsFlagdCore"), ...summary(ratios, "VsJsonLogic"), ...ratios }, figures };
  },
};

type Evaluate = (context: Context) => unknown;

function documentWith(rule: JsonValue): string {
  const flag = { state: "ENABLED", variants: { on: "on", off: "off" }, defaultVariant: "off", targeting: rule };
  return JSON.stringify({ flags: { bench: flag } });
}

function ours(text: string): Evaluate {
  const flag = compiled(text);
  return (context) => {
    const resolution = evaluateFlag(flag, { type: "string", context, nowSeconds });
    return resolution.ok ? resolution.value : undefined;
  };
}

function compiled(text: string): CompiledFlag {
  const parsed = parseFlagDocument(JSON.parse(text));
  const [definition] = parsed.ok ? parsed.document.flags : [];
  if (definition === undefined) throw new Error(`the flag of the bench is not valid: ${text}`);
  return compileFlag(definition);
}

function flagdCore(text: string): Evaluate {
  const nothing = (): void => {};
  const core = new FlagdCore(undefined, { error: nothing, warn: nothing, info: nothing, debug: nothing });
  core.setConfigurations(text);
  return (context) => core.resolveStringEvaluation("bench", "default", context).value;
}

/** The rule alone, without variants and reasons: a floor that favours the other side. */
function bareRule(rule: JsonValue): Evaluate {
  // The typings name every operator; a rule is only known as JSON here.
  return (context) => Reflect.apply(jsonLogic.apply, jsonLogic, [rule, context]);
}

function checkAgreement(shape: string, contenders: Readonly<Record<string, Evaluate>>): void {
  for (const context of people) {
    const answers = Object.entries(contenders).map(([name, evaluate]) => [name, evaluate(context)] as const);
    if (new Set(answers.map(([, value]) => value)).size !== 1) {
      throw new Error(`${shape}: contenders disagree for ${context.targetingKey}: ${JSON.stringify(answers)}`);
    }
  }
}

function sampler(evaluate: Evaluate): () => Promise<Sample> {
  const repeats = Math.ceil(evaluationsPerSample / people.length);
  return async () => {
    // The answers are counted and checked, so that the optimiser cannot leave the work out.
    let on = 0;
    const startedAt = performance.now();
    for (let i = 0; i < repeats; i++) for (const context of people) if (evaluate(context) === "on") on++;
    const seconds = (performance.now() - startedAt) / 1000;
    if (on === 0 || on === repeats * people.length)
      throw new Error(`${on} answers were "on", expected some and not all`);
    return { perSecond: (repeats * people.length) / seconds };
  };
}

/** Geometric mean of the ratios with this ending. */
function summary(ratios: Readonly<Record<string, number>>, ending: string): Record<string, number> {
  const logs = Object.entries(ratios).flatMap(([name, ratio]) => (name.endsWith(ending) ? [Math.log(ratio)] : []));
  const name = ending.charAt(0).toLowerCase() + ending.slice(1);
  return { [name]: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) };
}
