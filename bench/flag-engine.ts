import { type CompiledFlag, compileFlag, evaluate, type JsonValue, parseFlagDocument } from "@burgee/flag-engine";
import { FlagdCore } from "@openfeature/flagd-core";
import jsonLogic from "json-logic-js";
import { floor } from "./flag-engine-floor.ts";
import { type Context, contexts, evaluators, kinds } from "./flag-engine-rules.ts";
import { alternate, type Bench, type Sample } from "./harness.ts";
import { median } from "./statistics.ts";

const evaluationsPerSample = 200_000;
const people = contexts(64);
const nowSeconds = 1_700_000_000;

/** One evaluation of a flag, in process: the complete engine, with look-up, types, reasons and metadata. */
export const flagEngine: Bench = {
  about:
    "flag-engine's evaluate against @openfeature/flagd-core, json-logic-js (bare rule) and functions written by hand",
  async run({ rounds, say }) {
    const vsFlagdCore: Record<string, number> = {};
    const vsJsonLogic: Record<string, number> = {};
    const vsFloor: Record<string, number> = {};
    const nanoseconds: Record<string, Record<string, number>> = {};
    const all = Object.keys(kinds).map((kind) => [kind, samplersFor(kind)] as const);
    // A server evaluates every kind of rule: none of them gets code that knows only itself.
    for (const [, samplers] of all) for (const sample of Object.values(samplers)) await sample();
    for (const [kind, contenders] of all) {
      const samples = await alternate(contenders, { rounds, say: (line) => say(`${kind}: ${line}`) });
      const cost = (name: string): number => median(samples[name]?.nanoseconds ?? []);
      nanoseconds[kind] = Object.fromEntries(Object.keys(contenders).map((name) => [name, cost(name)]));
      vsFlagdCore[kind] = cost("flagdCore") / cost("ours");
      vsFloor[kind] = cost("floor") / cost("ours");
      if (contenders.jsonLogic !== undefined) vsJsonLogic[kind] = cost("jsonLogic") / cost("ours");
    }
    return {
      ratios: {
        geomeanVsFlagdCore: geometricMean(vsFlagdCore),
        minVsFlagdCore: Math.min(...Object.values(vsFlagdCore)),
        geomeanVsFloor: geometricMean(vsFloor),
        geomeanVsJsonLogic: geometricMean(vsJsonLogic),
        vsFlagdCore,
        vsFloor,
        vsJsonLogic,
      },
      figures: Object.fromEntries(Object.entries(nanoseconds).map(([kind, costs]) => [`${kind}Nanoseconds`, costs])),
    };
  },
};

/** Asks a contender; true for the variant `on`. */
type Ask = (context: Context) => boolean;

const document = {
  flags: Object.fromEntries(
    Object.entries(kinds).map(([kind, { targeting }]) => [
      kind,
      { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off", ...(targeting && { targeting }) },
    ]),
  ),
  $evaluators: evaluators,
};
const flags = compiledFlags();
const core = flagdCore();

function contendersFor(kind: string): Record<string, Ask> {
  const targeting = kinds[kind]?.standard === true ? kinds[kind].targeting : undefined;
  return {
    ours: (context) => {
      const resolution = evaluate(flags, kind, { type: "boolean", context, nowSeconds });
      return resolution.ok && resolution.value === true;
    },
    flagdCore: (context) => core.resolveBooleanEvaluation(kind, false, context).value,
    floor: (context) => floor.get(kind)?.(context).value === true,
    ...(targeting !== undefined && { jsonLogic: bareRule(targeting) }),
  };
}

function samplersFor(kind: string): Record<string, () => Promise<Sample>> {
  const contenders = contendersFor(kind);
  checkAgreement(kind, contenders);
  return Object.fromEntries(Object.entries(contenders).map(([name, ask]) => [name, sampler(ask)]));
}

function compiledFlags(): ReadonlyMap<string, CompiledFlag> {
  const parsed = parseFlagDocument(document);
  if (!parsed.ok) throw new Error(`the flags of the bench are not valid: ${JSON.stringify(parsed.problems)}`);
  return new Map(parsed.document.flags.map((flag) => [flag.key, compileFlag(flag)]));
}

function flagdCore(): FlagdCore {
  const nothing = (): void => {};
  const made = new FlagdCore(undefined, { error: nothing, warn: nothing, info: nothing, debug: nothing });
  made.setConfigurations(JSON.stringify(document));
  return made;
}

/** The rule alone, without variants and reasons: a baseline that favours the other side. */
function bareRule(rule: JsonValue): Ask {
  // The typings name every operator; a rule is only known as JSON here.
  return (context) => Reflect.apply(jsonLogic.apply, jsonLogic, [rule, context]) === "on";
}

function checkAgreement(kind: string, contenders: Readonly<Record<string, Ask>>): void {
  for (const context of people) {
    const answers = Object.entries(contenders).map(([name, ask]) => [name, ask(context)] as const);
    if (new Set(answers.map(([, on]) => on)).size !== 1) {
      throw new Error(`${kind}: contenders disagree for ${context.targetingKey}: ${JSON.stringify(answers)}`);
    }
  }
}

function sampler(ask: Ask): () => Promise<Sample> {
  const repeats = Math.ceil(evaluationsPerSample / people.length);
  return async () => {
    // The answers are counted and checked, so that the optimiser cannot leave the work out.
    let on = 0;
    const before = processorTime();
    for (let i = 0; i < repeats; i++) for (const context of people) if (ask(context)) on++;
    const microseconds = processorTime() - before;
    if (on % repeats !== 0)
      throw new Error(`${on} answers were "on", expected the same ones in each of ${repeats} repeats`);
    return { nanoseconds: (microseconds * 1e3) / (repeats * people.length) };
  };
}

/** That of this thread in microseconds: other work on the machine takes none of it. Only the sum of the two is exact. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function geometricMean(ratios: Readonly<Record<string, number>>): number {
  const logs = Object.values(ratios).map(Math.log);
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}
