import { TemplateError } from "./template-error.ts";

/** Text outside `{{ }}` after trimming, or the source inside one pair. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly source: string; readonly line: number };

/** Splits a template at its actions, applies the trim markers `{{-` and `-}}`, and drops comments. */
export function splitActions(template: string): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  let trimNext = false;
  while (position < template.length) {
    const open = template.indexOf("{{", position);
    let text = template.slice(position, open === -1 ? undefined : open);
    if (trimNext) text = text.trimStart();
    if (open === -1) {
      pushText(segments, text);
      break;
    }
    const line = lineAt(template, open);
    const trimsBefore = /^-\s/.test(template.slice(open + 2, open + 4));
    pushText(segments, trimsBefore ? text.trimEnd() : text);
    const start = open + (trimsBefore ? 3 : 2);
    const end = endOfAction(template, start, line);
    const source = template.slice(start, end);
    trimNext = /\s-$/.test(source);
    const inner = trimNext ? source.slice(0, -1) : source;
    if (!isComment(inner, line)) segments.push({ kind: "action", source: inner, line });
    position = end + 2;
  }
  return segments;
}

function pushText(segments: Segment[], text: string): void {
  if (text !== "") segments.push({ kind: "text", text });
}

function isComment(source: string, line: number): boolean {
  const inner = source.trim();
  if (!inner.startsWith("/*")) return false;
  if (!inner.endsWith("*/")) throw new TemplateError(line, "comment is not the whole action, expected {{/* … */}}");
  return true;
}

/** The offset of the `}}` that closes an action; quotes and comments may contain one. */
function endOfAction(template: string, start: number, line: number): number {
  const comment = /^\s*\/\*/.test(template.slice(start));
  const from = comment ? template.indexOf("*/", start) : start;
  if (from === -1) throw new TemplateError(line, "comment is not closed, expected */");
  let quote: string | undefined;
  for (let i = from; i < template.length; i++) {
    const c = template.charAt(i);
    if (quote !== undefined) {
      if (c === "\\" && quote !== "`") i++;
      else if (c === quote) quote = undefined;
    } else if (c === '"' || c === "`" || c === "'") quote = c;
    else if (c === "}" && template.charAt(i + 1) === "}") return i;
  }
  throw new TemplateError(
    line,
    quote === undefined ? "action is not closed, expected }}" : `quote ${quote} is not closed`,
  );
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
