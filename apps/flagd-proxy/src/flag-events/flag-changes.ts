import { isObject, type JsonObject, jsonEqual } from "@burgee/flag-engine";

/** What served flags were, or became, at one moment. */
export interface ServedFlags {
  readonly document: JsonObject;
  /** Canary `namespace/name` by the key of each flag under an override. */
  readonly owners: ReadonlyMap<string, string>;
}

export interface ServedChange {
  readonly flagKey: string;
  readonly kind: "created" | "updated" | "deleted";
  /** Canary whose override is or was in force on the flag; empty when none. */
  readonly overrideOwner: string;
}

/** What differs for those who evaluate. Evaluators and set metadata reach into flags, so a change of them touches every flag. */
export function flagChanges(before: ServedFlags | undefined, after: ServedFlags | undefined): ServedChange[] {
  const old = flagsOf(before);
  const now = flagsOf(after);
  const shared = before !== undefined && after !== undefined && !sharedEqual(before.document, after.document);
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return keys.flatMap((flagKey) => {
    const kind = kindOf(old[flagKey], now[flagKey], shared);
    const overrideOwner = after?.owners.get(flagKey) ?? before?.owners.get(flagKey) ?? "";
    return kind === undefined ? [] : [{ flagKey, kind, overrideOwner }];
  });
}

function flagsOf(served: ServedFlags | undefined): JsonObject {
  const flags = served?.document.flags;
  return isObject(flags) ? flags : {};
}

function sharedEqual(a: JsonObject, b: JsonObject): boolean {
  return ["$evaluators", "metadata"].every((key) => jsonEqual(a[key], b[key]));
}

function kindOf(
  before: JsonObject[string] | undefined,
  after: JsonObject[string] | undefined,
  shared: boolean,
): ServedChange["kind"] | undefined {
  if (before === undefined) return "created";
  if (after === undefined) return "deleted";
  return shared || !jsonEqual(before, after) ? "updated" : undefined;
}
