import { describe, expect, it } from "vitest";
import { defineConfig, type Outcome, readConfig } from "../config.ts";
import { defineCommand } from "./command.ts";
import { helpText, renderConfigReference } from "./help.ts";
import { option } from "./option.ts";
import type { OptionTable } from "./schema.ts";

const check = defineCommand({
  prefix: "APP_CHECK",
  about: "checks files",
  arguments: { name: "FILE", about: "files; - is the standard input", min: 1, max: 2 },
  options: { strict: option.boolean({ default: false, about: "complain more" }) },
  run: async ({ strict, arguments: files }) => files.length + (strict ? 10 : 0),
});
const schema = defineConfig(
  "APP",
  { port: option.port({ default: 1, about: "a port" }) },
  { commands: ["start"], subcommands: { check } },
);
const read = (argv: readonly string[], env = {}): Outcome<OptionTable> => readConfig(schema, argv, env);

/** What the command is told: values, or problems. */
function told(argv: readonly string[], env = {}): unknown {
  const outcome = read(argv, env);
  if (outcome.kind !== "subcommand") return outcome.kind;
  const { outcome: own } = outcome;
  if (own.kind === "config") return own.config;
  return own.kind === "invalid" ? own.problems : own.kind;
}

describe("a command with flags of its own", () => {
  const cases: Record<string, [argv: string[], gives: unknown]> = {
    "takes arguments between flags": [
      ["check", "a.json", "--strict", "-"],
      { strict: true, command: "", arguments: ["a.json", "-"] },
    ],
    "takes arguments that look like flags after --": [
      ["check", "--", "--strict"],
      { strict: false, command: "", arguments: ["--strict"] },
    ],
    "says which argument is missing": [["check"], ["FILE is missing, expected files; - is the standard input"]],
    "says when there are too many": [
      ["check", "a", "b", "c"],
      ["3 arguments, expected 2 at most: files; - is the standard input"],
    ],
    "does not know the flags of the service": [
      ["check", "a", "--port", "2"],
      ["unknown flag --port, see --help for all flags"],
    ],
    "has help of its own": [["check", "--help"], "help"],
    "is no command when it does not come first": [["start", "check"], "invalid"],
  };
  it.each(Object.entries(cases))("%s", (_, [argv, gives]) => {
    expect(told(argv)).toEqual(gives);
  });

  it("reads variables under its own prefix", () => {
    expect(told(["check", "a"], { APP_CHECK_STRICT: "true" })).toMatchObject({ strict: true });
  });

  it("runs with what it was told", async () => {
    const outcome = read(["check", "--strict", "a"]);
    if (outcome.kind !== "subcommand" || outcome.outcome.kind !== "config") throw new Error("not a command");
    expect(await outcome.command.run(outcome.outcome.config)).toBe(11);
    await expect(outcome.command.run({})).rejects.toThrow("the command's values are not those of its options");
  });

  it("is in the help, in the suggestions and in the reference", () => {
    expect(helpText(schema, "app")).toContain("Usage: app [start|check|version] [flags]\n");
    expect(helpText(schema, "app")).toContain("  app check --help\n      checks files\n");
    expect(helpText(check.schema, "app check")).toContain("Usage: app check [flags] FILE…\n");
    expect(read(["chekc"])).toEqual({ kind: "invalid", problems: ['unknown command "chekc", did you mean check?'] });
    expect(renderConfigReference(schema, "app")).toContain(
      "### app check [flags] FILE…\n\nChecks files. FILE: files; - is the standard input.\n\n| flag |",
    );
  });
});
