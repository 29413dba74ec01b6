import {
  type CompiledFlag,
  type EvaluationContext,
  evaluateFlag,
  type FlagType,
  flagNotFound,
  isObject,
  type JsonValue,
  type Resolution,
  stepsForMany,
} from "@burgee/flag-engine";
import { type FlagStore, type Selector, type StoredFlag, selectorMetadata } from "@burgee/flag-sync";
import type { Clock } from "@burgee/service-kit";
import type { EvaluationCounts } from "./impressions.ts";

export interface Question {
  readonly key: string;
  readonly type: FlagType;
  readonly context: EvaluationContext;
  readonly selector: Selector;
}

/** One flag of an answer for all flags. */
export interface Item {
  readonly key: string;
  readonly resolution: Resolution;
  /** Stands for a value that there is none of; of the type of the default variant. */
  readonly zero: JsonValue | undefined;
}

/** Answers questions from the newest flags and counts the answers. */
export interface Evaluation {
  /** `codeDefault: "error"` is for protocols that cannot say "use your own default": they answer that the flag is not there. */
  one(question: Question, o?: { codeDefault?: "error" }): Resolution;
  /** `"typed"` leaves out flags whose default variant has no value of a type that the protocol knows. */
  all(question: Pick<Question, "context" | "selector">, flags: "typed" | "every"): Item[];
}

/** Evaluates the flags of the store as they are at each call, and counts every answer. */
export function createEvaluation(o: { store: FlagStore; impressions: EvaluationCounts; clock: Clock }): Evaluation {
  const { store, impressions, clock } = o;

  const nowSeconds = (): number => Math.floor(clock.now() / 1_000);
  const reflect = createReflect();

  return {
    one(question, { codeDefault } = {}) {
      const { key, selector } = question;
      const stored = store.snapshot().get(key, selector);
      const startedAt = performance.now();
      const found = stored === undefined ? flagNotFound(key) : evaluate(stored, question, nowSeconds());
      const hidden = codeDefault === "error" && found.ok && found.reason === "FALLBACK";
      const resolution = hidden ? { ...flagNotFound(key), metadata: found.metadata } : found;
      impressions.record(stored?.flag, resolution, (performance.now() - startedAt) / 1_000);
      return reflect(resolution, selector);
    },
    all({ context, selector }, flags) {
      const items: Item[] = [];
      const answers: { readonly flag: CompiledFlag; readonly resolution: Resolution }[] = [];
      const startedAt = performance.now();
      const now = nowSeconds();
      const steps = stepsForMany();
      for (const [key, stored] of store.snapshot().view(selector)) {
        const { variants, defaultVariant } = stored.flag.definition;
        const type = typeOf(Object.hasOwn(variants, defaultVariant) ? variants[defaultVariant] : undefined);
        if (type === "any" && flags === "typed") continue;
        const resolution = evaluateFlag(stored.flag, { type, context, nowSeconds: now, steps });
        answers.push({ flag: stored.flag, resolution });
        items.push({ key, resolution: reflect(resolution, selector), zero: zeroOf(type) });
      }
      // A clock reading for each would cost as much as an evaluation.
      const seconds = (performance.now() - startedAt) / 1_000 / answers.length;
      for (const { flag, resolution } of answers) impressions.record(flag, resolution, seconds);
      return items;
    },
  };
}

function evaluate(
  { flag }: StoredFlag,
  { type, context }: Pick<Question, "type" | "context">,
  nowSeconds: number,
): Resolution {
  return evaluateFlag(flag, { type, context, nowSeconds });
}

/**
 * Lays the metadata of a selector under that of an answer. The answers of a flag are made once and shared, and so are these: what
 * is remembered about an answer, such as how it is written, stays valid.
 */
function createReflect(): (resolution: Resolution, selector: Selector) => Resolution {
  const reflections = new WeakMap<Resolution, { readonly of: string; readonly resolution: Resolution }>();
  return (resolution, selector) => {
    const reflected = selectorMetadata(selector);
    const [value] = Object.values(reflected);
    if (value === undefined) return resolution;
    const of = `${selector.kind} ${value}`;
    const known = reflections.get(resolution);
    if (known?.of === of) return known.resolution;
    const made = { ...resolution, metadata: { ...reflected, ...resolution.metadata } };
    reflections.set(resolution, { of, resolution: made });
    return made;
  };
}

function typeOf(value: JsonValue | undefined): FlagType {
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    case "number":
      return "float";
    default:
      return isObject(value) ? "object" : "any";
  }
}

function zeroOf(type: FlagType): JsonValue | undefined {
  switch (type) {
    case "boolean":
      return false;
    case "string":
      return "";
    case "int":
    case "float":
      return 0;
    case "object":
      return {};
    case "any":
      return undefined;
  }
}
