/** What a field holds. A secret is a text that is never repeated in a message; a count is a whole number from 0. */
type FieldKind = "text" | "secret" | "flag" | "count" | "texts";

/** The kinds of the fields of an object, whose own objects are given by theirs. */
export type FieldKinds<T> = { readonly [K in keyof T]-?: FieldKind | Readonly<Record<string, FieldKind>> };
type AnyKinds = Readonly<Record<string, FieldKind | Readonly<Record<string, FieldKind>>>>;

interface Values {
  text: string;
  secret: string;
  flag: boolean;
  count: number;
  texts: Readonly<Record<string, string>>;
}

type ValueOf<K> = K extends FieldKind ? Values[K] : { readonly [F in keyof K]?: ValueOf<K[F]> };
export type FieldsOf<T> = { readonly [K in keyof T]?: ValueOf<T[K]> };

interface Place {
  readonly path: string;
  /** What is wrong is added here, with its path and what would be right. */
  readonly problems: string[];
}

/** Reads an object whose names upstream compares without regard to case. What is missing or wrong is left out. */
export function readFields<T extends AnyKinds>(entry: unknown, kinds: T, place: Place): FieldsOf<T>;
export function readFields(entry: unknown, kinds: AnyKinds, { path, problems }: Place): object {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    problems.push(`${path} is not an object, expected one with ${Object.keys(kinds).join(", ")}`);
    return {};
  }
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(entry)) {
    const name = Object.keys(kinds).find((field) => field.toLowerCase() === key.toLowerCase());
    const kind = name === undefined ? undefined : kinds[name];
    if (name === undefined || kind === undefined) {
      problems.push(`${path}.${key} is unknown, expected one of: ${Object.keys(kinds).join(", ")}`);
    } else if (value !== null) {
      const read = readField(value, kind, { path: `${path}.${name}`, problems });
      if (read !== undefined) found.set(name, read);
    }
  }
  return Object.fromEntries(found);
}

function readField(value: unknown, kind: AnyKinds[string], place: Place): unknown {
  if (typeof kind === "object") return readFields(value, kind, place);
  if (readers[kind](value)) return value;
  const isPlain = kind === "text" || kind === "flag" || kind === "count";
  const shown = isPlain ? JSON.stringify(value) : typeof value === "object" ? "an object" : `a ${typeof value}`;
  place.problems.push(`${place.path} is ${shown}, expected ${expected[kind]}`);
  return undefined;
}

const readers: { readonly [K in FieldKind]: (value: unknown) => boolean } = {
  text: (value) => typeof value === "string",
  secret: (value) => typeof value === "string",
  flag: (value) => typeof value === "boolean",
  count: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  texts: (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string"),
};

const expected: { readonly [K in FieldKind]: string } = {
  text: "a string",
  secret: "a string",
  flag: "true or false",
  count: "a whole number from 0",
  texts: "names and texts",
};
