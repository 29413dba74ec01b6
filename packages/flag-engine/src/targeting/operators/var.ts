import type { OperatorCompiler } from "../expression.ts";
import { compileLookup, isPlainName, lookUp } from "../lookup.ts";
import { substituting } from "../substitution.ts";

/** `var`: a dotted path into the data, with a default. */
export const variable: OperatorCompiler = (operands, scope, compile) => {
  if (scope.substitute !== undefined) return substituting(operands, scope, scope.substitute, compile);
  const operand = compile.value(operands, scope);
  if (operand.constant !== undefined) {
    const lookup = compileLookup(operand.constant.value, scope);
    return isPlainName(operand.constant.value, scope)
      ? Object.assign(lookup, { field: operand.constant.value })
      : lookup;
  }
  return (data, now, outer) => lookUp(operand(data, now, outer), data, now, scope);
};
