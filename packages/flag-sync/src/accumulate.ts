import { isObject, type JsonObject, type JsonValue } from "@burgee/flag-engine";
import { flagsOf, type StandaloneFlag, standaloneFlags } from "./merge-documents.ts";
import type { FlagPayload } from "./source.ts";

/** Puts messages together, each of which replaces only the flag sets that are in it. */
export interface Accumulator {
  /** The whole document after this message. Throws `bad_document` for one that a server would reject, which then counts for nothing. */
  add(raw: string): Pick<FlagPayload, "config" | "raw">;
}

/** Of one stream; `name` is the source's, for errors. */
export function createAccumulator(name: string): Accumulator {
  let flags: readonly StandaloneFlag[] = [];
  let evaluators: JsonObject = {};
  return {
    add(raw) {
      const document: JsonValue = JSON.parse(raw);
      const news = standaloneFlags({ name, document });
      // A set that is named but has no flags any more is emptied.
      const sets = new Set([...news.map(({ flagSetId }) => flagSetId), ...namedSet(document)]);
      flags = [...flags.filter(({ flagSetId }) => !sets.has(flagSetId)), ...news];
      if (isObject(document) && isObject(document.$evaluators)) evaluators = { ...evaluators, ...document.$evaluators };
      const known = Object.keys(evaluators).length > 0;
      const config: JsonObject = { ...(known && { $evaluators: evaluators }), flags: flagsOf(flags) };
      return { config, raw: JSON.stringify(config) };
    },
  };
}

function namedSet(document: JsonValue): string[] {
  const metadata = isObject(document) ? document.metadata : undefined;
  const flagSetId = isObject(metadata) ? metadata.flagSetId : undefined;
  return typeof flagSetId === "string" ? [flagSetId] : [];
}
