import fc from "fast-check";
import type { JsonObject, JsonValue } from "../json.ts";

/** Contexts whose keys have one type each, any of them may be missing. */
export const contexts: fc.Arbitrary<JsonObject> = fc.record(
  {
    n: fc.integer({ min: -20, max: 20 }),
    m: fc.integer({ min: -20, max: 20 }),
    s: words(),
    t: words(),
    version: versions(),
    list: fc.array(words(), { maxLength: 4 }),
    numbers: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 4 }),
    user: fc.record({ name: words(), age: fc.integer({ min: 0, max: 99 }) }),
    targetingKey: words(),
  },
  { requiredKeys: ["n", "s", "list", "numbers", "user"] },
);

const sumOfNumbers: fc.Arbitrary<JsonValue> = fc.integer({ min: 0, max: 9 }).map((initial) => ({
  reduce: [{ var: "numbers" }, { "+": [{ var: "current" }, { var: "accumulator" }] }, initial],
}));

/** Rules of the part of JsonLogic on which all implementations agree: see known-deviations.ts for the rest. */
export interface Rules {
  readonly number: fc.Arbitrary<JsonValue>;
  readonly text: fc.Arbitrary<JsonValue>;
  readonly boolean: fc.Arbitrary<JsonValue>;
}

export function rules(o: { flagd: boolean }): Rules {
  return fc.letrec<{ number: JsonValue; text: JsonValue; boolean: JsonValue }>((tie) => {
    const condition = tie("boolean");
    const number = tie("number");
    const text = tie("text");
    const plain: fc.Arbitrary<JsonValue>[] = [
      call(fc.constantFrom("==", "!=", "===", "!==", "<", "<=", ">", ">="), fc.tuple(number, number)),
      call(fc.constantFrom("<", "<="), fc.tuple(number, number, number)),
      call(fc.constantFrom("==", "!=", "===", "!==", "<", ">="), fc.tuple(text, text)),
      call(fc.constantFrom("and", "or"), fc.array(condition, { minLength: 1, maxLength: 3 })),
      call(fc.constantFrom("!", "!!"), fc.tuple(condition)),
      call(fc.constant("in"), fc.tuple(text, fc.oneof(text, fc.array(words(), { minLength: 1, maxLength: 4 })))),
      call(fc.constant("in"), fc.tuple(text, fc.constant({ var: "list" }))),
      call(fc.constantFrom("some", "all", "none"), fc.tuple(fc.constant({ var: "list" }), elementTest(words()))),
      call(
        fc.constantFrom("some", "none"),
        fc.tuple(fc.constant({ var: "numbers" }), elementTest(fc.integer({ min: -9, max: 9 }))),
      ),
    ];
    const custom: fc.Arbitrary<JsonValue>[] = [
      call(fc.constantFrom("starts_with", "ends_with"), fc.tuple(text, text)),
      call(
        fc.constant("sem_ver"),
        fc.tuple(
          fc.oneof(fc.constant({ var: "version" }), versions()),
          fc.constantFrom("=", "!=", "<", "<=", ">", ">=", "^", "~"),
          versions(),
        ),
      ),
      call(fc.constant("=="), fc.tuple(fc.constant({ var: "$flagd.flagKey" }), fc.constantFrom("flag", "other"))),
    ];
    return {
      number: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        fc.integer({ min: -20, max: 20 }),
        fc.constantFrom({ var: "n" }, { var: "user.age" }, { var: ["m", 5] }),
        call(fc.constantFrom("+", "*", "max", "min"), fc.array(number, { minLength: 2, maxLength: 3 })),
        call(fc.constant("-"), fc.tuple(number, number)),
        call(fc.constant("if"), fc.tuple(condition, number, number)),
        sumOfNumbers,
        call(fc.constant("%"), fc.tuple(number, fc.integer({ min: 1, max: 9 }))),
      ),
      text: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        words(),
        fc.constantFrom({ var: "s" }, { var: "user.name" }, { var: ["t", "none"] }),
        call(fc.constant("cat"), fc.array(text, { minLength: 2, maxLength: 3 })),
        call(fc.constant("if"), fc.tuple(condition, text, condition, text, text)),
        call(fc.constant("substr"), fc.tuple(text, fc.constant(0), fc.integer({ min: 1, max: 3 }))),
      ),
      boolean: fc.oneof({ maxDepth: 4, depthSize: "small" }, fc.boolean(), ...plain, ...(o.flagd ? custom : [])),
    };
  });
}

/** Targeting that names one of the variants, or nothing. */
export function targetings(variants: readonly string[]): fc.Arbitrary<JsonValue> {
  const { boolean, text } = rules({ flagd: true });
  const name = fc.constantFrom<JsonValue[]>(...variants, null);
  const buckets = fc.array(fc.tuple(name, fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 4 });
  const keyed = fc.tuple(text, buckets).map(([key, list]): JsonValue => ({ fractional: [key, ...list] }));
  const byTargetingKey = buckets.map((list): JsonValue => ({ fractional: list }));
  const branch = fc.oneof(name, name, keyed, byTargetingKey);
  return fc.oneof(
    { weight: 4, arbitrary: call(fc.constant("if"), fc.tuple(boolean, branch, boolean, branch, branch)) },
    { weight: 2, arbitrary: call(fc.constant("if"), fc.tuple(boolean, branch)) },
    { weight: 1, arbitrary: fc.oneof(keyed, byTargetingKey) },
  );
}

function call(name: fc.Arbitrary<string>, operands: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc.tuple(name, operands).map(([operator, values]) => ({ [operator]: values }));
}

function elementTest(value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc.tuple(fc.constantFrom("==", "!=", "<"), value).map(([operator, v]) => ({ [operator]: [{ var: "" }, v] }));
}

/** Not empty, ASCII, no blanks, never to be taken for a number. */
function words(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[a-dA-D@._-]{1,6}$/).filter((text) => /[a-dA-D]/.test(text));
}

function versions(): fc.Arbitrary<string> {
  return fc.stringMatching(/^v?[0-3]\.[0-3]\.[0-3](-(alpha|beta)\.[0-3])?$/);
}
