import { canonicalJson } from "@burgee/flag-engine";
import { redactUrl } from "@burgee/service-kit";
import type { FlagView, StoredFlag } from "./snapshot.ts";

/** Flags that do not change keep their object, so that of a large document only what changed is written anew. */
const texts = new WeakMap<StoredFlag, string>();

/** The flags of a view as one document for in-process providers and other flagds: evaluators and set metadata are merged in. */
export function toSyncDocument(view: FlagView): string {
  const entries: string[] = [];
  for (const [key, stored] of view) entries.push(`${JSON.stringify(key)}:${textOf(stored)}`);
  return `{"flags":{${entries.join(",")}}}`;
}

function textOf(stored: StoredFlag): string {
  const known = texts.get(stored);
  if (known !== undefined) return known;
  const { state, defaultVariant, variants, targeting, metadata } = stored.flag.definition;
  const text = canonicalJson({
    state,
    defaultVariant,
    variants,
    ...(targeting !== undefined && { targeting }),
    // Credentials in a URI are nothing for clients.
    source: redactUrl(stored.source),
    ...(metadata !== undefined && { metadata }),
  });
  texts.set(stored, text);
  return text;
}
