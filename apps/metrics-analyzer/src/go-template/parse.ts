import { ActionParser } from "./action-parser.ts";
import { splitActions } from "./split-actions.ts";
import type { Node, Pipeline } from "./syntax.ts";
import { TemplateError } from "./template-error.ts";
import { tokenize } from "./tokenize.ts";

/** An open `if`, `with` or `range` and the list that its text goes to. */
interface Block {
  readonly kind: "if" | "with" | "range";
  readonly pipeline: Pipeline;
  readonly line: number;
  readonly body: Node[];
  readonly otherwise: Node[];
  inElse: boolean;
  /** Made by `else if`: closed together with the block around it. */
  readonly chained: boolean;
}

/** Parses a Go template. Function names must be among `functions`, as in Go. Throws TemplateError. */
export function parseTemplate(template: string, functions: ReadonlySet<string>): readonly Node[] {
  const root: Node[] = [];
  const open: Block[] = [];
  const current = (): Node[] => {
    const block = open.at(-1);
    if (block === undefined) return root;
    return block.inElse ? block.otherwise : block.body;
  };
  for (const segment of splitActions(template)) {
    if (segment.kind === "text") {
      current().push(segment);
      continue;
    }
    const action = new ActionParser(tokenize(segment.source, segment.line), functions);
    const word = action.keyword();
    switch (word) {
      case "if":
      case "with":
      case "range":
        open.push(newBlock(word, action, false));
        break;
      case "else":
        openElse(open, action);
        break;
      case "end":
        action.expectEnd();
        closeBlock(open, current, segment.line);
        break;
      case "break":
      case "continue":
        action.expectEnd();
        if (!open.some((block) => block.kind === "range"))
          throw new TemplateError(segment.line, `{{${word}}} stands outside of {{range}}`);
        current().push({ kind: word });
        break;
      case "define":
      case "template":
      case "block":
        throw new TemplateError(
          segment.line,
          `{{${word}}} is not supported in queries, expected text, values, if, with or range`,
        );
      case undefined:
        current().push({ kind: "action", pipeline: action.wholePipeline() });
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined)
    throw new TemplateError(unclosed.line, `{{${unclosed.kind}}} is not closed, expected {{end}}`);
  return root;
}

function newBlock(kind: Block["kind"], action: ActionParser, chained: boolean): Block {
  const line = action.line;
  return { kind, line, pipeline: action.wholePipeline(), body: [], otherwise: [], inElse: false, chained };
}

function openElse(open: Block[], action: ActionParser): void {
  const block = open.at(-1);
  if (block === undefined || block.inElse)
    throw new TemplateError(action.line, "{{else}} has no {{if}}, {{with}} or {{range}}");
  block.inElse = true;
  const word = action.keyword();
  if (word === undefined) {
    action.expectEnd();
    return;
  }
  if (word !== block.kind || word === "range")
    throw new TemplateError(action.line, `{{else ${word}}} is not allowed after {{${block.kind}}}`);
  open.push(newBlock(word, action, true));
}

function closeBlock(open: Block[], current: () => Node[], line: number): void {
  for (;;) {
    const block = open.pop();
    if (block === undefined) throw new TemplateError(line, "{{end}} has no {{if}}, {{with}} or {{range}}");
    const { kind, pipeline, body, otherwise } = block;
    current().push({ kind, pipeline, body, otherwise });
    if (!block.chained) return;
  }
}
