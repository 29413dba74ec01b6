import { helpText } from "./config/help.ts";
import type { ConfigOf, ConfigSchema, OptionTable } from "./config/schema.ts";
import { type Outcome, readProcessConfig } from "./config.ts";
import { messageOf } from "./kit-error.ts";
import { redactText } from "./redact.ts";
import { version } from "./version.ts";

/** A program: what it is called, and what it can be told. */
export interface ProgramInfo<T extends OptionTable> {
  readonly name: string;
  readonly schema: ConfigSchema<T>;
}

/**
 * What this process was told. Undefined when that was not to run: help, the version or what is wrong is printed then, or a command with
 * flags of its own has done its work.
 */
export async function configure<T extends OptionTable>(
  info: ProgramInfo<T>,
): Promise<ConfigOf<ConfigSchema<T>> | undefined> {
  const outcome = readProcessConfig(info.schema);
  if (outcome.kind === "config") return outcome.config;
  if (outcome.kind === "subcommand") await runCommand(info.name, outcome);
  else answer(info, outcome);
  return undefined;
}

/** Sets the exit code: the command's own, or 2 when it could not do its work. */
async function runCommand(app: string, { name, command, outcome }: OutcomeOf<"subcommand">): Promise<void> {
  const info = { name: `${app} ${name}`, schema: command.schema };
  if (outcome.kind === "subcommand") return runCommand(info.name, outcome);
  if (outcome.kind !== "config") return answer(info, outcome);
  try {
    process.exitCode = await command.run(outcome.config);
  } catch (error) {
    process.stderr.write(`${info.name}: ${redactText(messageOf(error))}\n`);
    process.exitCode = 2;
  }
}

type OutcomeOf<K extends Outcome<OptionTable>["kind"]> = Extract<Outcome<OptionTable>, { readonly kind: K }>;

function answer(info: ProgramInfo<OptionTable>, outcome: OutcomeOf<"help" | "version" | "invalid">): void {
  if (outcome.kind === "help") process.stdout.write(helpText(info.schema, info.name));
  else if (outcome.kind === "version") process.stdout.write(`${versionLine(info)}\n`);
  else process.exitCode = tellProblems(info, outcome.problems);
}

function versionLine({ name, schema }: ProgramInfo<OptionTable>): string {
  return schema.settings.versionLine?.(version) ?? `${name} ${version}`;
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
