import type { JsonObject } from "@burgee/flag-engine";

/** Which flags a request can see. */
export type Selector =
  | { readonly kind: "all" }
  /** An empty id stands for the flags that belong to no set. */
  | { readonly kind: "flagSet"; readonly id: string }
  | { readonly kind: "source"; readonly source: string };

export type SelectorResult =
  | { readonly ok: true; readonly selector: Selector }
  | { readonly ok: false; readonly message: string };

const everything: SelectorResult = { ok: true, selector: { kind: "all" } };

/** Reads `flagSetId=…`, `source=…`, or a bare source. Text after the first `=` is the value, whatever it holds. */
export function parseSelector(expression: string): SelectorResult {
  if (expression === "") return everything;
  const at = expression.indexOf("=");
  if (at === -1) return { ok: true, selector: { kind: "source", source: expression } };
  const key = expression.slice(0, at);
  const value = expression.slice(at + 1);
  if (key === "flagSetId") return { ok: true, selector: { kind: "flagSet", id: value } };
  if (key === "source") return { ok: true, selector: { kind: "source", source: value } };
  return { ok: false, message: `invalid selector key ${JSON.stringify(key)}, valid keys: "flagSetId", "source"` };
}

/** What answers to a request with this selector carry as metadata, under that of set and flag. */
export function selectorMetadata(selector: Selector): JsonObject {
  if (selector.kind === "flagSet" && selector.id !== "") return { flagSetId: selector.id };
  if (selector.kind === "source" && selector.source !== "") return { source: selector.source };
  return {};
}
