import type { Value } from "./syntax.ts";

/** Template variables by block: a name declared in a block is gone after it. */
export class Scope {
  readonly #blocks: Map<string, Value>[] = [new Map()];

  enter(): void {
    this.#blocks.push(new Map());
  }

  leave(): void {
    this.#blocks.pop();
  }

  declare(name: string, value: Value): void {
    this.#blocks.at(-1)?.set(name, value);
  }

  /** False when no such variable was declared. */
  assign(name: string, value: Value): boolean {
    const block = this.#find(name);
    block?.set(name, value);
    return block !== undefined;
  }

  get(name: string): Value | undefined {
    return this.#find(name)?.get(name);
  }

  #find(name: string): Map<string, Value> | undefined {
    return this.#blocks.findLast((block) => block.has(name));
  }
}
