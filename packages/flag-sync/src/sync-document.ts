import { canonicalJson, type JsonObject } from "@burgee/flag-engine";
import type { FlagView } from "./snapshot.ts";

/** The flags of a view as one document for in-process providers and other flagds: evaluators and set metadata are merged in. */
export function toSyncDocument(view: FlagView): string {
  const flags: Record<string, JsonObject> = {};
  for (const [key, { flag, source }] of view) {
    const { state, defaultVariant, variants, targeting, metadata } = flag.definition;
    flags[key] = {
      state,
      defaultVariant,
      variants,
      ...(targeting !== undefined && { targeting }),
      source,
      ...(metadata !== undefined && { metadata }),
    };
  }
  return canonicalJson({ flags });
}
