import {
  canonicalJson,
  formatProblem,
  isList,
  isObject,
  type JsonObject,
  type JsonValue,
  parseFlagDocument,
} from "@burgee/flag-engine";
import { FlagSyncError } from "./flag-sync-error.ts";

export interface NamedDocument {
  /** For messages. */
  readonly name: string;
  readonly document: unknown;
}

/** A flag that says itself all that its document says about it. */
export interface StandaloneFlag {
  readonly key: string;
  /** Empty: it belongs to no set. */
  readonly flagSetId: string;
  readonly flag: JsonObject;
}

/** Several documents as one; of two flags with the same set and key the later one is there. Throws `bad_document`, naming the one that is wrong. */
export function mergeDocuments(documents: readonly NamedDocument[]): JsonObject {
  const flags = documents.flatMap(standaloneFlags);
  const evaluators = mergeEvaluators(documents);
  return { ...(Object.keys(evaluators).length > 0 && { $evaluators: evaluators }), flags: flagsOf(flags) };
}

/** The flags of a document, with its metadata in each. Throws `bad_document` when a server would reject it. */
export function standaloneFlags({ name, document }: NamedDocument): StandaloneFlag[] {
  const parsed = parseFlagDocument(document);
  if (!parsed.ok) throw new FlagSyncError("bad_document", `${name}: ${parsed.problems.map(formatProblem).join("; ")}`);
  if (!isJsonObject(document)) return [];
  const metadata = isObject(document.metadata) ? document.metadata : {};
  return entriesOf(document.flags).map(([key, flag]) => {
    const own = { ...metadata, ...(isObject(flag.metadata) ? flag.metadata : {}) };
    const { flagSetId } = own;
    const whole = Object.keys(own).length === 0 ? flag : { ...flag, metadata: own };
    return { key, flagSetId: typeof flagSetId === "string" ? flagSetId : "", flag: whole };
  });
}

/** As an object, which every reader knows; as a list when a key is in several sets. */
export function flagsOf(flags: readonly StandaloneFlag[]): JsonValue {
  const last = new Map(flags.map((flag) => [JSON.stringify([flag.flagSetId, flag.key]), flag]));
  const all = [...last.values()];
  if (new Set(all.map(({ key }) => key)).size < all.length) return all.map(({ key, flag }) => ({ ...flag, key }));
  return Object.fromEntries(all.map(({ key, flag }) => [key, flag]));
}

function mergeEvaluators(documents: readonly NamedDocument[]): JsonObject {
  const origin = new Map<string, string>();
  const merged: Record<string, JsonValue> = {};
  for (const { name, document } of documents) {
    const evaluators = isJsonObject(document) && isObject(document.$evaluators) ? document.$evaluators : {};
    for (const [evaluator, rule] of Object.entries(evaluators)) {
      const other = merged[evaluator];
      if (other !== undefined && canonicalJson(other) !== canonicalJson(rule)) {
        throw new FlagSyncError(
          "bad_document",
          `$evaluators.${evaluator} is not the same in ${origin.get(evaluator)} and ${name}`,
        );
      }
      merged[evaluator] = rule;
      origin.set(evaluator, name);
    }
  }
  return merged;
}

function entriesOf(flags: JsonValue | undefined): (readonly [string, JsonObject])[] {
  if (isObject(flags))
    return Object.entries(flags).flatMap(([key, flag]) => (isObject(flag) ? [[key, flag] as const] : []));
  if (!isList(flags)) return [];
  return flags.flatMap((flag) => (isObject(flag) && typeof flag.key === "string" ? [[flag.key, flag] as const] : []));
}

/** Only after the document was parsed, which checks that it is JSON. */
function isJsonObject(document: unknown): document is JsonObject {
  return typeof document === "object" && document !== null && !Array.isArray(document);
}
