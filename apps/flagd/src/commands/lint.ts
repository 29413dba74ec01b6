import { defineCommand, option } from "@burgee/service-kit";

/** `flagd lint FILE…`: what a server would reject or warn about, and what should not stay in a flag file. */
export const lintCommand = defineCommand({
  prefix: "FLAGD_LINT",
  about: "checks flag files; exits 0 when they are fine, 1 when there are findings, 2 when a file cannot be read",
  arguments: { name: "FILE", about: "flag files in JSON or YAML; - is the standard input", min: 1 },
  options: {
    format: option.string({ default: "text", choices: ["text", "json"], about: "how findings are printed" }),
    json: option.boolean({ default: false, about: "the same as --format json" }),
    severity: option.string({
      default: "error",
      choices: ["error", "warning"],
      about: "least severe finding that makes the exit code 1",
    }),
  },
  run: async (input) => (await import("./run-lint.ts")).runLint(input),
});
