import { setImmediate as nextTurn } from "node:timers/promises";
import { parseJson } from "@burgee/service-kit";

/** Flags that are parsed in one go. */
const sliceSize = 250;
const stand = "the flags stand here";

/**
 * The same as `JSON.parse`, but flag by flag and with pauses, in which others can evaluate: a document of 50,000 flags takes several hundred
 * milliseconds. A text that is not laid out like a flag document is parsed in one go. Throws SyntaxError as `JSON.parse` does.
 */
export async function parseInSteps(text: string): Promise<unknown> {
  const opening = /"flags"\s*:\s*\{/.exec(text);
  if (opening === null) return JSON.parse(text);
  const begin = opening.index + opening[0].length;
  const flags: Record<string, unknown> = {};
  const scan: Scan = { text, at: begin };
  for (let count = 1; ; count++) {
    const entry = nextEntry(scan, count === 1);
    if (entry === "none") break;
    if (entry === "other") return JSON.parse(text);
    // Not by assignment: a flag may be called __proto__.
    Object.defineProperty(flags, entry.key, {
      value: entry.value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    if (count % sliceSize === 0) await nextTurn();
  }
  // What is around the flags must be a document in which they are at the top, and once.
  const around = parseJson(`${text.slice(0, begin - 1)}${JSON.stringify(stand)}${text.slice(scan.at)}`);
  if (typeof around !== "object" || around === null || !("flags" in around) || around.flags !== stand) {
    return JSON.parse(text);
  }
  return { ...around, flags };
}

interface Scan {
  readonly text: string;
  /** Behind what was read. */
  at: number;
}

/** The next flag; `none` behind the closing brace; `other` when there is something else. */
function nextEntry(scan: Scan, first: boolean): { readonly key: string; readonly value: unknown } | "none" | "other" {
  const mark = take(scan, first ? /\s*(["}])/y : /\s*(,\s*"|\})/y);
  if (mark === "}") return "none";
  if (mark === undefined) return "other";
  const keyAt = scan.at - 1;
  if (!skipString(scan)) return "other";
  const key = parseJson(scan.text.slice(keyAt, scan.at));
  if (typeof key !== "string" || take(scan, /\s*:\s*(\{)/y) === undefined) return "other";
  const valueAt = scan.at - 1;
  if (!skipObject(scan)) return "other";
  const value = parseJson(scan.text.slice(valueAt, scan.at));
  return value === undefined ? "other" : { key, value };
}

function take(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text);
  if (found !== null) scan.at = pattern.lastIndex;
  return found?.[1];
}

/** From behind the opening quote to behind the closing one. */
function skipString(scan: Scan): boolean {
  for (let quote = scan.text.indexOf('"', scan.at); quote !== -1; quote = scan.text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (scan.text[quote - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 1) continue;
    scan.at = quote + 1;
    return true;
  }
  return false;
}

/** From behind the opening brace to behind the closing one. What is between is checked when it is parsed. */
function skipObject(scan: Scan): boolean {
  const marks = /["{}]/g;
  for (let depth = 1; depth > 0; ) {
    marks.lastIndex = scan.at;
    const found = marks.exec(scan.text);
    if (found === null) return false;
    scan.at = marks.lastIndex;
    if (found[0] === "{") depth += 1;
    else if (found[0] === "}") depth -= 1;
    else if (!skipString(scan)) return false;
  }
  return true;
}
