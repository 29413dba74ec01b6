import { defineCommand, option } from "@burgee/service-kit";

/** `flagd evaluate FILE --flag KEY`: what a server would answer, without one. */
export const evaluateCommand = defineCommand({
  prefix: "FLAGD_EVALUATE",
  about:
    "evaluates a flag of a file; exits 0 with an answer, 1 with an error code, 2 when the file or the context is wrong",
  arguments: { name: "FILE", about: "flag file in JSON or YAML; - is the standard input", min: 1, max: 1 },
  options: {
    flag: option.string({ about: "key of the flag" }),
    context: option.string({
      default: "{}",
      about: 'evaluation context: JSON such as {"targetingKey": "a"}, or @FILE',
    }),
    type: option.string({
      default: "any",
      choices: ["any", "boolean", "string", "int", "float", "object"],
      about: "type that the value must have",
    }),
    selector: option.string({ default: "", about: "which flags are looked at: flagSetId=ID" }),
    at: option.string({ default: "", about: "time of the evaluation, as 2026-01-31T12:00:00Z; default now" }),
    json: option.boolean({ default: false, about: "print the answer as JSON" }),
  },
  run: async (input) => (await import("./run-evaluate.ts")).runEvaluate(input),
});
