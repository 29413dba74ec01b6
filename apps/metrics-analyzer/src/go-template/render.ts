import { builtinFunctions, type TemplateFunction } from "./builtin-functions.ts";
import { parseTemplate } from "./parse.ts";
import { Scope } from "./scope.ts";
import type { Node, Operand, Pipeline, Value } from "./syntax.ts";
import { TemplateError } from "./template-error.ts";
import { isTrue, toText, typeName } from "./values.ts";

/** A parsed template. */
export interface Template {
  /** Renders with the given functions, which must be those named when parsing. Throws TemplateError. */
  render(functions: Readonly<Record<string, TemplateFunction>>): string;
}

const lazyFunctions = ["and", "or"];
/** A template may not make more output or take more steps than this, so that a loop in one cannot stall the analyzer. */
const maxOutput = 256 * 1024;
const maxSteps = 100_000;

/** Parses a Go template that may call `functionNames` beside Go's own. Throws TemplateError. */
export function createTemplate(text: string, functionNames: readonly string[]): Template {
  const nodes = parseTemplate(text, new Set([...functionNames, ...Object.keys(builtinFunctions), ...lazyFunctions]));
  return { render: (functions) => new Renderer({ ...builtinFunctions, ...functions }).run(nodes) };
}

type Flow = "next" | "break" | "continue";

class Renderer {
  readonly #functions: Readonly<Record<string, TemplateFunction>>;
  readonly #scope = new Scope();
  #dot: Value = null;
  #output = "";
  #steps = 0;

  constructor(functions: Readonly<Record<string, TemplateFunction>>) {
    this.#functions = functions;
    this.#scope.declare("", null);
  }

  run(nodes: readonly Node[]): string {
    this.#nodes(nodes);
    return this.#output;
  }

  #nodes(nodes: readonly Node[]): Flow {
    for (const node of nodes) {
      const flow = this.#node(node);
      if (flow !== "next") return flow;
    }
    return "next";
  }

  #node(node: Node): Flow {
    switch (node.kind) {
      case "text":
        this.#write(node.text, 1);
        return "next";
      case "action": {
        const value = this.#pipeline(node.pipeline);
        if (node.pipeline.variables.length === 0) this.#write(toText(value), node.pipeline.line);
        return "next";
      }
      case "if":
      case "with":
        return this.#branch(node);
      case "range":
        return this.#range(node);
      case "break":
      case "continue":
        return node.kind;
    }
  }

  #branch(node: Extract<Node, { kind: "if" | "with" | "range" }>): Flow {
    this.#scope.enter();
    const dot = this.#dot;
    const value = this.#pipeline(node.pipeline);
    const chosen = isTrue(value);
    if (chosen && node.kind === "with") this.#dot = value;
    const flow = this.#nodes(chosen ? node.body : node.otherwise);
    this.#dot = dot;
    this.#scope.leave();
    return flow;
  }

  #range(node: Extract<Node, { kind: "if" | "with" | "range" }>): Flow {
    const { variables, line } = node.pipeline;
    const value = this.#pipeline({ ...node.pipeline, variables: [] });
    const dot = this.#dot;
    let empty = true;
    for (const [key, item] of entries(value, line)) {
      empty = false;
      this.#step(line);
      this.#scope.enter();
      this.#dot = item;
      const [first, second] = variables;
      if (first !== undefined) this.#keep(first, second === undefined ? item : key, node.pipeline);
      if (second !== undefined) this.#keep(second, item, node.pipeline);
      const flow = this.#nodes(node.body);
      this.#scope.leave();
      if (flow === "break") break;
    }
    this.#dot = dot;
    return empty ? this.#nodes(node.otherwise) : "next";
  }

  #pipeline(pipeline: Pipeline): Value {
    let value: Value | undefined;
    for (const command of pipeline.commands) value = this.#command(command, value);
    const result = value ?? null;
    for (const name of pipeline.variables) this.#keep(name, result, pipeline);
    return result;
  }

  #keep(name: string, value: Value, { declares, line }: Pipeline): void {
    if (declares) this.#scope.declare(name, value);
    else if (!this.#scope.assign(name, value))
      throw new TemplateError(line, `variable $${name} is not declared, expected $${name} := first`);
  }

  #command(operands: readonly Operand[], piped: Value | undefined): Value {
    const [first, ...rest] = operands;
    if (first === undefined) return null;
    this.#step(first.line);
    if (first.term.kind === "function" && first.fields.length === 0)
      return this.#call(first.term.name, rest, { piped, line: first.line });
    if (first.term.kind === "nil") throw new TemplateError(first.line, "nil is not a command");
    if (rest.length > 0 || piped !== undefined)
      throw new TemplateError(first.line, "a value cannot take arguments, expected a function");
    return this.#operand(first);
  }

  #operand({ term, fields, line }: Operand): Value {
    return fields.reduce((value, field) => this.#field(value, field, line), this.#term(term, line));
  }

  #term(term: Operand["term"], line: number): Value {
    switch (term.kind) {
      case "constant":
        return term.value;
      case "nil":
        return null;
      case "dot":
        return this.#dot;
      case "variable": {
        const value = this.#scope.get(term.name);
        if (value === undefined) throw new TemplateError(line, `variable $${term.name} is not declared`);
        return value;
      }
      case "function":
        return this.#call(term.name, [], { piped: undefined, line });
      case "pipeline":
        return this.#pipeline(term.pipeline);
    }
  }

  #field(value: Value, field: string, line: number): Value {
    if (!(value instanceof Map))
      throw new TemplateError(line, `.${field} of ${typeName(value)} does not exist, expected a map such as variables`);
    const item = value.get(field);
    if (item === undefined) {
      const known = [...value.keys()].sort().join(", ");
      throw new TemplateError(
        line,
        `map has no entry for key ${JSON.stringify(field)}, it has ${known === "" ? "none" : known}`,
      );
    }
    return item;
  }

  #call(
    name: string,
    operands: readonly Operand[],
    { piped, line }: { piped: Value | undefined; line: number },
  ): Value {
    if (name === "and" || name === "or") return this.#lazy(name, operands, { piped, line });
    const called = this.#functions[name];
    if (called === undefined) throw new TemplateError(line, `function ${JSON.stringify(name)} is not defined`);
    const args = operands.map((operand) => this.#operand(operand));
    if (piped !== undefined) args.push(piped);
    try {
      return called(args);
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      throw new TemplateError(line, `${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #lazy(
    name: "and" | "or",
    operands: readonly Operand[],
    { piped, line }: { piped: Value | undefined; line: number },
  ): Value {
    let value: Value | undefined;
    for (const operand of operands) {
      value = this.#operand(operand);
      if (isTrue(value) === (name === "or")) return value;
    }
    const last = piped ?? value;
    if (last === undefined) throw new TemplateError(line, `${name} needs at least one value`);
    return last;
  }

  #write(text: string, line: number): void {
    this.#output += text;
    if (this.#output.length > maxOutput) throw new TemplateError(line, `output is longer than ${maxOutput} characters`);
  }

  #step(line: number): void {
    if (++this.#steps > maxSteps) throw new TemplateError(line, `template takes more than ${maxSteps} steps`);
  }
}

function* entries(value: Value, line: number): Generator<[Value, Value]> {
  if (typeof value === "bigint") {
    for (let i = 0n; i < value; i++) yield [i, i];
  } else if (value instanceof Map) {
    for (const key of [...value.keys()].sort()) yield [key, value.get(key) ?? ""];
  } else if (value !== null) {
    throw new TemplateError(line, `range over ${typeName(value)}, expected a map or a whole number`);
  }
}
