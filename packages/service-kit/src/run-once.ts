import type { ConfigOf, ConfigSchema, OptionTable } from "./config/schema.ts";
import { configure, type ProgramInfo } from "./configure.ts";
import { messageOf } from "./kit-error.ts";
import { createLogger, type Logger } from "./log.ts";
import { redactText } from "./redact.ts";

/** Does what the program is for. Resolves with a sentence about how it went. */
export type Work<T extends OptionTable> = (
  config: ConfigOf<ConfigSchema<T>>,
  kit: { readonly log: Logger },
) => Promise<string>;

/**
 * Runs a program that does one thing and ends: prints the sentence and exits 0, or prints what went wrong and exits 1. A bad
 * configuration prints every problem and exits 2.
 */
export async function runOnce<T extends OptionTable>(info: ProgramInfo<T>, work: Work<T>): Promise<void> {
  const config = await configure(info);
  if (config === undefined) return;
  const log = createLogger({ name: info.name, level: "warn" });
  try {
    process.stdout.write(`${await work(config, { log })}\n`);
  } catch (error) {
    process.stderr.write(`${info.name}: ${redactText(messageOf(error))}\n`);
    process.exitCode = 1;
  }
}
