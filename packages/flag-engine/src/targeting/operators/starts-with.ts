import type { JsonValue } from "../../json.ts";
import { isList } from "../../json.ts";
import type { OperatorCompiler } from "../expression.ts";
import { compileOperands } from "../operands.ts";

/** Takes exactly two texts; everything else gives null, so that an `if` around it goes on with its else. */
function overTexts(test: (text: string, part: string) => boolean): OperatorCompiler {
  const check = (text: JsonValue, part: JsonValue): JsonValue =>
    typeof text === "string" && typeof part === "string" ? test(text, part) : null;
  return (operands, scope, compile) => {
    const compiled = compileOperands(operands, scope, compile);
    if ("items" in compiled && compiled.items.length === 2) {
      const [text, part] = compiled.items;
      if (text !== undefined && part !== undefined) {
        return (data, now, outer) => check(text(data, now, outer), part(data, now, outer));
      }
    }
    const all = compile.value(operands, scope);
    return (data, now, outer) => {
      const values = all(data, now, outer);
      return isList(values) && values.length === 2 ? check(values[0] ?? null, values[1] ?? null) : null;
    };
  };
}

export const startsWith = overTexts((text, part) => text.startsWith(part));
export const endsWith = overTexts((text, part) => text.endsWith(part));
