import { helpText } from "./config/help.ts";
import type { ConfigOf, ConfigSchema, OptionTable } from "./config/schema.ts";
import { readProcessConfig } from "./config.ts";
import { version } from "./version.ts";

/** A program: what it is called, and what it can be told. */
export interface ProgramInfo<T extends OptionTable> {
  readonly name: string;
  readonly schema: ConfigSchema<T>;
}

/** What this process was told; undefined when it was asked for help or the version, or told nonsense: then the answer is printed. */
export function configure<T extends OptionTable>(info: ProgramInfo<T>): ConfigOf<ConfigSchema<T>> | undefined {
  const outcome = readProcessConfig(info.schema);
  switch (outcome.kind) {
    case "config":
      return outcome.config;
    case "help":
      process.stdout.write(helpText(info.schema, info.name));
      return undefined;
    case "version":
      process.stdout.write(`${info.name} ${version}\n`);
      return undefined;
    case "invalid":
      process.exitCode = tellProblems(info, outcome.problems);
      return undefined;
  }
}

/** Prints what is wrong with the configuration. Returns the exit code that goes with it. */
export function tellProblems<T extends OptionTable>(info: ProgramInfo<T>, problems: readonly string[]): number {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${problem}\n`).join("");
  process.stderr.write(
    `${info.name}: ${count} in the configuration\n${lines}See ${info.name} --help for all settings.\n`,
  );
  return info.schema.settings.badConfigExitCode ?? 2;
}
