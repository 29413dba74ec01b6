/** A template that cannot be parsed or rendered; the message names the line and what would be right. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}
