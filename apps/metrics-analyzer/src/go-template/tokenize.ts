import { TemplateError } from "./template-error.ts";

/** A token of an action. `spaced` tells whether white space stands before it, which separates operands. */
export interface Token {
  readonly kind: "name" | "field" | "dot" | "variable" | "string" | "char" | "number" | "symbol" | "end";
  /** The name without its dot or dollar, the content of a string, or the symbol itself. */
  readonly text: string;
  readonly spaced: boolean;
  readonly line: number;
}

const patterns: readonly [Token["kind"], RegExp][] = [
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ["char", /'(?:[^'\\\n]|\\.)+'/y],
  ["number", /[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["dot", /\./y],
  ["name", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["symbol", /:=|[=|(),]/y],
];

/** Splits the source of one action into tokens, ending with one of kind `end`. */
export function tokenize(source: string, firstLine: number): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let line = firstLine;
  for (;;) {
    const space = /\s*/y;
    space.lastIndex = position;
    const blank = space.exec(source)?.[0] ?? "";
    line += blank.split("\n").length - 1;
    position += blank.length;
    const spaced = blank !== "";
    if (position >= source.length) {
      tokens.push({ kind: "end", text: "", spaced, line });
      return tokens;
    }
    const { kind, raw } = matchAt(source, position, line);
    tokens.push({ kind, text: content(kind, raw, line), spaced, line });
    line += raw.split("\n").length - 1;
    position += raw.length;
  }
}

function matchAt(source: string, position: number, line: number): { kind: Token["kind"]; raw: string } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const raw = pattern.exec(source)?.[0];
    if (raw !== undefined) return { kind, raw };
  }
  throw new TemplateError(line, `unexpected ${JSON.stringify(source.charAt(position))} in an action`);
}

function content(kind: Token["kind"], raw: string, line: number): string {
  switch (kind) {
    case "string":
      return raw.startsWith("`") ? raw.slice(1, -1) : unquote(raw.slice(1, -1), line);
    case "char":
      return unquote(raw.slice(1, -1), line);
    case "field":
    case "variable":
      return raw.slice(1);
    default:
      return raw;
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

function unquote(text: string, line: number): string {
  return text.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S]?)/g,
    (written: string, code: string) => {
      const simple = simpleEscapes[code];
      if (simple !== undefined) return simple;
      const point = /^[xuU]/.test(code) ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
      if (code === "" || Number.isNaN(point) || point > 0x10ffff)
        throw new TemplateError(line, `escape ${written} in a string is unknown`);
      return String.fromCodePoint(point);
    },
  );
}
