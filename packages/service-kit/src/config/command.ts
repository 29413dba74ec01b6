import type { ArgumentList, Command, OptionTable, ValuesOf } from "./schema.ts";

/** What a command was told. */
export type CommandInput<T extends OptionTable> = ValuesOf<T> & {
  /** What stood beside the flags, in order. */
  readonly arguments: readonly string[];
};

/** A command with flags of its own, as `defineCommand` takes it. */
export interface CommandOptions<T extends OptionTable> {
  /** One line for the program's help. */
  readonly about: string;
  /** Of the command's environment variables: `FLAGD_LINT`. */
  readonly prefix: string;
  readonly options: T;
  readonly arguments?: ArgumentList;
  /** Does the work and resolves with the exit code. Import what it needs in here: the service then does not load it. */
  readonly run: (input: CommandInput<T>) => Promise<number>;
}

/** Declares a command. It knows its own flags, --config, --help and --version, and none of those of a service. Bad usage exits 2. */
export function defineCommand<const T extends OptionTable>(o: CommandOptions<T>): Command {
  const holdsAll = (values: Readonly<Record<string, unknown>>): values is CommandInput<T> =>
    Object.keys(o.options).every((key) => key in values) && Array.isArray(values.arguments);
  return {
    about: o.about,
    schema: {
      prefix: o.prefix,
      options: o.options,
      settings: o.arguments === undefined ? {} : { arguments: o.arguments },
    },
    async run(values) {
      if (!holdsAll(values)) throw new TypeError("the command's values are not those of its options");
      return o.run(values);
    },
  };
}
