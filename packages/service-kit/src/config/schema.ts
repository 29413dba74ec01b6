import type { logLevels } from "../log.ts";
import type { Option } from "./make-option.ts";

/** Settings by camelCase name. The name gives the flag (`syncPort` → `--sync-port`) and, with the prefix, the environment name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a command takes beside flags: `FILE…`. */
export interface ArgumentList {
  /** As help shows it. */
  readonly name: string;
  readonly about: string;
  readonly min: number;
  /** Default: any number. */
  readonly max?: number;
}

/** A word that makes the program do something else and end, with flags and arguments of its own. */
export interface Command {
  /** One line for the program's help. */
  readonly about: string;
  readonly schema: ConfigSchema<OptionTable>;
  /** Resolves with the exit code. */
  run(values: Readonly<Record<string, unknown>>): Promise<number>;
}

/** A rule about several settings. Made by `checkTogether`. */
export interface ConfigCheck {
  /** What is wrong with these values; nothing when one of the settings could not be read at all, which is told already. */
  problems(values: ReadonlyMap<string, unknown>): readonly string[];
}

/** What surrounds an app's own settings. */
export interface ConfigSettings {
  /** Flags of the program that this one replaces which are not here, each with what to do instead. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Words accepted as the first positional argument; the chosen one is `config.command`, the first is the default. */
  readonly commands?: readonly string[];
  /** The line that `version` prints, where upstream's differs from `NAME VERSION`. */
  readonly versionLine?: (version: string) => string;
  /** Commands with flags of their own; such a word must come first. */
  readonly subcommands?: Readonly<Record<string, Command>>;
  /** Positional arguments, for a program without commands. */
  readonly arguments?: ArgumentList;
  /** Exit code for a bad configuration (2 unless upstream's differs). */
  readonly badConfigExitCode?: number;
  /** Default of the common option `managementPort`. */
  readonly managementPort?: number;
  /** Default of the common option `logFormat`. */
  readonly logFormat?: "json" | "console";
  /** Settings that must go together, see `checkTogether`. */
  readonly checks?: readonly ConfigCheck[];
}

/** One app's configuration: made by {@link defineConfig}. */
export interface ConfigSchema<T extends OptionTable> {
  readonly prefix: string;
  /** The app's own settings and the common ones, in the order of help. */
  readonly options: T & OptionTable;
  readonly settings: ConfigSettings;
}

type ValueOf<O> = O extends Option<infer T> ? T : never;

/** The values of a table's settings. */
export type ValuesOf<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** What every app can be told without declaring it. An app that declares one of these names itself wins. */
export interface CommonConfig {
  readonly managementPort: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly logFormat: "json" | "console";
  readonly outgoingProxy: string | undefined;
  readonly egressAllow: readonly string[];
  readonly otlpEndpoint: string | undefined;
  readonly shutdownTimeout: number;
  readonly drainDelay: number;
}

/** The parsed configuration of a schema. */
export type ConfigOf<S> =
  S extends ConfigSchema<infer T>
    ? ValuesOf<T> & Omit<CommonConfig, keyof T> & { readonly command: string; readonly arguments: readonly string[] }
    : never;

/** Every problem of a configuration, found in one pass. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`[bad_config] ${problems.join("; ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}
