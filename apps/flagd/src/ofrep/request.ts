import { type EvaluationContext, isObject } from "@burgee/flag-engine";
import { parseJson } from "@burgee/service-kit";

/** What a path asks for. */
export type Target =
  | { readonly kind: "single"; readonly key: string }
  | { readonly kind: "bulk" }
  | { readonly kind: "nothing" }
  /** A path whose percent-encoding is broken. */
  | { readonly kind: "malformed" };

const prefix = "/ofrep/v1/evaluate/flags";
const nothing: Target = { kind: "nothing" };
const bulk: Target = { kind: "bulk" };

/** A key is one segment of the path, decoded afterwards, so that it may hold an encoded slash. */
export function targetOf(url: string): Target {
  if (!url.startsWith(prefix)) return nothing;
  const query = url.indexOf("?", prefix.length);
  const rest = url.slice(prefix.length, query === -1 ? undefined : query);
  if (rest === "" || rest === "/") return bulk;
  if (!rest.startsWith("/") || rest.includes("/", 1)) return nothing;
  if (!rest.includes("%")) return { kind: "single", key: rest.slice(1) };
  try {
    return { kind: "single", key: decodeURIComponent(rest.slice(1)) };
  } catch (error) {
    if (error instanceof URIError) return { kind: "malformed" };
    throw error;
  }
}

/**
 * The context of a body, read as upstream's decoder does: an empty body and `null` have none, one that is no object counts as
 * none, whatever follows the first JSON value is ignored. Undefined when the body is not a JSON object.
 */
export function contextOf(body: string): EvaluationContext | undefined {
  const document = parse(body);
  if (document === null) return {};
  if (!isObject(document)) return undefined;
  const context = Object.hasOwn(document, "context") ? document.context : contextInOtherCase(document);
  return isObject(context) ? context : {};
}

function contextInOtherCase(document: EvaluationContext): unknown {
  return Object.entries(document).findLast(([name]) => name.toLowerCase() === "context")?.[1];
}

/** Undefined when it is no JSON; null for nothing at all. */
function parse(text: string): unknown {
  const whole = parseJson(text);
  if (whole !== undefined) return whole;
  const first = firstValue(text);
  if (first === "") return null;
  return first === undefined ? undefined : parseJson(first);
}

/** The first JSON value of a text if that is an object or null; empty when there is only blank space. */
function firstValue(text: string): string | undefined {
  const trimmed = text.trimStart();
  if (trimmed === "" || trimmed.startsWith("null")) return trimmed.slice(0, 4);
  if (!trimmed.startsWith("{")) return undefined;
  let depth = 0;
  for (const { 0: token, index } of trimmed.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") depth += 1;
    if (token === "}") depth -= 1;
    if (depth === 0) return trimmed.slice(0, index + 1);
  }
  return undefined;
}
