/** Values that templates compute with: Go's string, bool, int (bigint here), float64, nil and map[string]string. */
export type Value = string | boolean | bigint | number | null | ReadonlyMap<string, string>;

/** One operand of a command. `fields` are the names after it: `variables.region` has one. */
export interface Operand {
  readonly line: number;
  readonly term:
    | { readonly kind: "constant"; readonly value: Value }
    | { readonly kind: "nil" }
    | { readonly kind: "dot" }
    | { readonly kind: "variable"; readonly name: string }
    | { readonly kind: "function"; readonly name: string }
    | { readonly kind: "pipeline"; readonly pipeline: Pipeline };
  readonly fields: readonly string[];
}

/** Commands joined by `|`; the last value may be kept in variables. */
export interface Pipeline {
  readonly line: number;
  readonly variables: readonly string[];
  /** `:=` declares, `=` changes an existing variable. */
  readonly declares: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

/** A piece of a template, in the order of the text. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly kind: "break" | "continue" };
