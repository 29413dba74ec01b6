import {
  compileFlag,
  type FlagDefinition,
  flagSetIdOf,
  formatProblem,
  type JsonObject,
  type JsonValue,
  jsonEqual,
  parseFlagDocument,
  type Problem,
} from "@burgee/flag-engine";
import { inOrder, type StoredFlag } from "./snapshot.ts";

/** The flags of one source, ready to be served. */
export interface LoadedFlags {
  /** By set and key. */
  readonly flags: readonly StoredFlag[];
  /** What each flag was read from, when that is kept to recognise it: in large documents. */
  readonly written: ReadonlyMap<string, JsonValue>;
  readonly metadata: JsonValue | undefined;
}

export const noFlags: LoadedFlags = { flags: [], written: new Map(), metadata: undefined };

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedFlags; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Origin {
  readonly source: string;
  readonly priority: number;
}

/** Flags that are read in one go: some 10 ms. */
const sliceSize = 250;

/**
 * Reads and compiles a document. It can be paused after each step, so that a large document does not hold up those who evaluate
 * meanwhile. Flags that did not change keep their object: nothing is compiled twice, and of a large document only what changed is read.
 */
export function* loadDocument(document: unknown, before: LoadedFlags, origin: Origin): Generator<void, LoadResult> {
  const known = new Map(before.flags.map((stored) => [identityOf(stored.flag.definition), stored]));
  const store = (definition: FlagDefinition): StoredFlag => {
    const old = known.get(identityOf(definition));
    return old !== undefined && sameDefinition(old.flag.definition, definition)
      ? old
      : { flag: compileFlag(definition), ...origin };
  };
  if (isLarge(document)) return yield* loadLarge(document, before, store);
  const parsed = parseFlagDocument(document);
  if (!parsed.ok) return parsed;
  const { flags, warnings } = parsed.document;
  return { ok: true, loaded: { ...noFlags, flags: lastOfEach(flags.map(store)) }, warnings };
}

type LargeDocument = JsonObject & { readonly flags: JsonObject };

/** With shared rules a document is read whole: what they grow to is limited for all flags together. */
function isLarge(document: unknown): document is LargeDocument {
  if (typeof document !== "object" || document === null || !("flags" in document) || "$evaluators" in document)
    return false;
  const { flags } = document;
  return (
    typeof flags === "object" && flags !== null && !Array.isArray(flags) && Object.keys(flags).length > 4 * sliceSize
  );
}

function* loadLarge(
  document: LargeDocument,
  before: LoadedFlags,
  store: (definition: FlagDefinition) => StoredFlag,
): Generator<void, LoadResult> {
  const sameSet = before.written.size > 0 && jsonEqual(before.metadata, document.metadata);
  const old = new Map(sameSet ? before.flags.map((stored) => [stored.flag.definition.key, stored]) : []);
  const written = new Map<string, JsonValue>();
  const flags: StoredFlag[] = [];
  const problems = new Map<string, Problem>();
  const warnings = new Map<string, Problem>();
  const keys = Object.keys(document.flags);
  for (let at = 0; at < keys.length; at += sliceSize) {
    const changed: Record<string, JsonValue> = {};
    for (const key of keys.slice(at, at + sliceSize)) {
      const flag = document.flags[key] ?? null;
      const text = before.written.get(key);
      const stored = old.get(key);
      const isSame = stored !== undefined && text !== undefined && jsonEqual(text, flag);
      // The old object: the flag refers to it anyway, and so the new one can go.
      written.set(key, isSame ? text : flag);
      if (isSame) flags.push(stored);
      else changed[key] = flag;
    }
    const parsed = parseFlagDocument({ ...document, flags: changed });
    const found = parsed.ok ? parsed.document.warnings : parsed.problems;
    // What is wrong with the whole document is found with every slice.
    for (const problem of found) (parsed.ok ? warnings : problems).set(formatProblem(problem), problem);
    if (parsed.ok) flags.push(...parsed.document.flags.map(store));
    yield;
  }
  if (problems.size > 0) return { ok: false, problems: [...problems.values()] };
  const loaded = { flags: lastOfEach(flags), written, metadata: document.metadata };
  return { ok: true, loaded, warnings: [...warnings.values()] };
}

/** In order; of several with the same set and key the last one. */
function lastOfEach(flags: readonly StoredFlag[]): readonly StoredFlag[] {
  const sorted = flags.toSorted(inOrder);
  return sorted.filter((stored, i) => {
    const next = sorted[i + 1];
    return next === undefined || inOrder(stored, next) !== 0;
  });
}

function sameDefinition(a: FlagDefinition, b: FlagDefinition): boolean {
  return (
    a.state === b.state &&
    a.defaultVariant === b.defaultVariant &&
    jsonEqual(a.variants, b.variants) &&
    jsonEqual(a.targeting, b.targeting) &&
    jsonEqual(a.metadata, b.metadata)
  );
}

function identityOf(definition: FlagDefinition): string {
  return `${flagSetIdOf(definition) ?? ""}\u0000${definition.key}`;
}
