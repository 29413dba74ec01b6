import type { ConfigOf, ConfigSchema, ConfigSettings, OptionTable } from "./config/schema.ts";

/** An app's configuration: one table that yields types, flags, environment names, help and reference. */
export function defineConfig<const T extends OptionTable>(
  prefix: string,
  options: T,
  settings: ConfigSettings = {},
): ConfigSchema<T> {
  return { prefix, options, settings };
}

export interface OptionDescription {
  readonly name: string;
  readonly flag: string;
  readonly env: readonly string[];
  readonly type: string;
  readonly default: string | undefined;
  readonly required: boolean;
  readonly about: string;
}

export function parseConfig<T extends OptionTable>(
  schema: ConfigSchema<T>,
  _argv: readonly string[],
  _env: Readonly<Record<string, string | undefined>>,
): ConfigOf<ConfigSchema<T>> {
  throw new Error(`not yet: ${schema.prefix}`);
}
export function describeConfig(schema: ConfigSchema<OptionTable>): OptionDescription[] {
  throw new Error(`not yet: ${schema.prefix}`);
}
export function renderConfigReference(schema: ConfigSchema<OptionTable>): string {
  throw new Error(`not yet: ${schema.prefix}`);
}
