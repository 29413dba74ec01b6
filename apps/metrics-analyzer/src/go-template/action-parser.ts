import { parseOperandToken } from "./parse-operand.ts";
import type { Operand, Pipeline } from "./syntax.ts";
import { TemplateError } from "./template-error.ts";
import type { Token } from "./tokenize.ts";

const keywords = ["if", "with", "range", "else", "end", "break", "continue", "define", "template", "block"] as const;

/** Reads the tokens of one action from left to right. */
export class ActionParser {
  readonly #tokens: readonly Token[];
  readonly #functions: ReadonlySet<string>;
  #position = 0;

  constructor(tokens: readonly Token[], functions: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#functions = functions;
  }

  get line(): number {
    return this.#peek().line;
  }

  keyword(): (typeof keywords)[number] | undefined {
    const token = this.#peek();
    const word = token.kind === "name" ? keywords.find((keyword) => keyword === token.text) : undefined;
    if (word !== undefined) this.#position++;
    return word;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token.kind !== "end") throw new TemplateError(token.line, `unexpected ${describe(token)}, expected }}`);
  }

  wholePipeline(): Pipeline {
    const pipeline = this.#pipeline();
    this.expectEnd();
    return pipeline;
  }

  #pipeline(): Pipeline {
    const line = this.line;
    const { variables, declares } = this.#assignment();
    const commands = [this.#command()];
    while (this.#take("|")) commands.push(this.#command());
    return { line, variables, declares, commands };
  }

  /** `$x :=`, `$x =` or `$i, $x :=`; a lone variable is an operand. */
  #assignment(): { variables: string[]; declares: boolean } {
    const start = this.#position;
    const variables: string[] = [];
    do {
      const token = this.#peek();
      if (token.kind !== "variable") break;
      variables.push(token.text);
      this.#position++;
    } while (this.#take(","));
    if (variables.length > 0 && this.#take(":=")) return { variables, declares: true };
    if (variables.length > 0 && this.#take("=")) return { variables, declares: false };
    this.#position = start;
    return { variables: [], declares: false };
  }

  #command(): Operand[] {
    const operands = [this.#operand()];
    for (;;) {
      const token = this.#peek();
      if (token.kind === "end" || (token.kind === "symbol" && (token.text === "|" || token.text === ")")))
        return operands;
      if (!token.spaced)
        throw new TemplateError(token.line, `unexpected ${describe(token)}, expected a space before it`);
      operands.push(this.#operand());
    }
  }

  #operand(): Operand {
    const token = this.#peek();
    this.#position++;
    const term = this.#isSymbol(token, "(") ? this.#parenthesised(token) : parseOperandToken(token, this.#functions);
    const fields: string[] = token.kind === "field" ? [token.text] : [];
    while (this.#peek().kind === "field" && !this.#peek().spaced) {
      fields.push(this.#peek().text);
      this.#position++;
    }
    return { line: token.line, term, fields };
  }

  #parenthesised(open: Token): Operand["term"] {
    const pipeline = this.#pipeline();
    if (!this.#take(")")) throw new TemplateError(open.line, "parenthesis is not closed, expected )");
    return { kind: "pipeline", pipeline };
  }

  #take(symbol: string): boolean {
    const found = this.#isSymbol(this.#peek(), symbol);
    if (found) this.#position++;
    return found;
  }

  #isSymbol(token: Token, symbol: string): boolean {
    return token.kind === "symbol" && token.text === symbol;
  }

  #peek(): Token {
    return (
      this.#tokens[this.#position] ?? { kind: "end", text: "", spaced: false, line: this.#tokens.at(-1)?.line ?? 1 }
    );
  }
}

function describe(token: Token): string {
  return token.kind === "end" ? "end of the action" : JSON.stringify(token.text);
}
