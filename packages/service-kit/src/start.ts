import type { ConfigOf, ConfigSchema, OptionTable } from "./config/schema.ts";
import type { Kit } from "./kit.ts";
import type { Part } from "./part.ts";

export interface AppInfo<T extends OptionTable> {
  readonly name: string;
  readonly version?: string;
  readonly schema: ConfigSchema<T>;
  /** Overrides the schema's default. */
  readonly managementPort?: number;
}

/** Runs an app: configuration → logger → management port → parts → ready; stops it on SIGTERM and SIGINT. */
export async function start<T extends OptionTable>(
  info: AppInfo<T>,
  _build: (config: ConfigOf<ConfigSchema<T>>, kit: Kit) => Promise<readonly Part[]>,
): Promise<void> {
  throw new Error(`not yet: ${info.name}`);
}
