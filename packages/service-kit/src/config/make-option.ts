/** A value, or what would have been right. `shown` replaces the given text in the message when that text must not be printed. */
export type Reading<T> = { readonly value: T } | { readonly expected: string; readonly shown?: string };

/** One setting: how it is named, described and read. Made by {@link option}. */
export interface Option<T> {
  /** The word that help shows for the value: `integer`, `duration`, `a|b`. */
  readonly type: string;
  readonly about: string;
  /** Absent means the setting is required, unless `optional`. */
  readonly default: { readonly value: T; readonly text: string } | undefined;
  readonly optional: boolean;
  /** Environment names of upstream, read after our own derived name. */
  readonly env: readonly string[];
  /** More long flag names. */
  readonly alias: readonly string[];
  readonly short: string | undefined;
  /** `switch` needs no value on the command line, `many` collects repeated flags, `secret` can also be read from a file. */
  readonly form: "one" | "switch" | "many" | "secret";
  /** Reads the texts given at one place (one, unless the form is `many`). */
  read(texts: readonly string[]): Reading<T>;
}

/** What every maker of an option takes. */
export interface Shape {
  readonly about: string;
  readonly optional?: true;
  readonly env?: readonly string[];
  readonly alias?: readonly string[];
  readonly short?: string;
}
/** `optional: true` adds undefined to the value. */
export type Given<O, T> = O extends { readonly optional: true } ? T | undefined : T;

/** A further rule for a text: says what would have been right, or nothing when it is. */
export interface Rule {
  readonly expects?: (text: string) => string | undefined;
}

/** What makes one kind of option different from another. */
export interface Kind<T> {
  readonly type: string;
  readonly form?: Option<T>["form"];
  readonly default?: { readonly value: T; readonly text: string } | undefined;
  readonly read: (text: string, texts: readonly string[]) => Reading<T>;
}

/** Puts the two together. */
export function make<O extends Shape, T>(o: O, kind: Kind<T>): Option<Given<O, T>> {
  const made: Option<T> = {
    type: kind.type,
    about: o.about,
    default: kind.default,
    optional: o.optional === true,
    env: o.env ?? [],
    alias: o.alias ?? [],
    short: o.short,
    form: kind.form ?? "one",
    read: (texts) => kind.read(texts.at(-1) ?? "", texts),
  };
  return made;
}

/** The default and how it is shown. */
export function fallback<T>(value: T | undefined, show: (value: T) => string): Kind<T>["default"] {
  return value === undefined ? undefined : { value, text: show(value) };
}
