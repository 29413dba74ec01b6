import type { Operand } from "./syntax.ts";
import { TemplateError } from "./template-error.ts";
import type { Token } from "./tokenize.ts";

/** The operand that one token stands for. Throws TemplateError for anything that is none. */
export function parseOperandToken(token: Token, functions: ReadonlySet<string>): Operand["term"] {
  switch (token.kind) {
    case "string":
      return { kind: "constant", value: token.text };
    case "char":
      return { kind: "constant", value: BigInt(token.text.codePointAt(0) ?? 0) };
    case "number":
      return { kind: "constant", value: numberFrom(token) };
    case "variable":
      return { kind: "variable", name: token.text };
    case "field":
    case "dot":
      return { kind: "dot" };
    case "name":
      return nameFrom(token, functions);
    case "symbol":
    case "end":
      throw new TemplateError(
        token.line,
        token.kind === "end" ? "action is empty, expected a value" : `unexpected "${token.text}", expected a value`,
      );
  }
}

function nameFrom(token: Token, functions: ReadonlySet<string>): Operand["term"] {
  if (token.text === "true" || token.text === "false") return { kind: "constant", value: token.text === "true" };
  if (token.text === "nil") return { kind: "nil" };
  if (functions.has(token.text)) return { kind: "function", name: token.text };
  throw new TemplateError(
    token.line,
    `function ${JSON.stringify(token.text)} is not defined, expected one of: ${[...functions].sort().join(", ")}`,
  );
}

function numberFrom(token: Token): bigint | number {
  const text = token.text.replaceAll("_", "");
  const unsigned = text.replace(/^[+-]/, "");
  if (/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)$/.test(unsigned)) {
    const octal = /^0\d+$/.test(unsigned) ? `0o${unsigned.slice(1)}` : unsigned;
    if (octal.startsWith("0o") && /[89]/.test(octal))
      throw new TemplateError(token.line, `number ${token.text} is not octal`);
    const magnitude = BigInt(octal);
    return text.startsWith("-") ? -magnitude : magnitude;
  }
  const value = Number(text);
  if (Number.isNaN(value)) throw new TemplateError(token.line, `number ${token.text} is not a number`);
  return value;
}
