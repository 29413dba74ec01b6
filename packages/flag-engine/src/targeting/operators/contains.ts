import type { JsonList, JsonValue } from "../../json.ts";
import { isList, isObject } from "../../json.ts";
import type { OperatorCompiler } from "../expression.ts";
import { spend, TargetingError } from "../expression.ts";

/** Compares two lists; anything else gives the fallback. */
function overLists(fallback: boolean, test: (have: JsonList, wanted: JsonList) => boolean): OperatorCompiler {
  return (operands, scope, compile) => {
    const all = compile.value(operands, scope);
    return (data, now, outer) => {
      const values = all(data, now, outer);
      if (!isList(values) || values.length !== 2) return fallback;
      const [have = null, wanted = null] = values;
      if (!isList(have) || !isList(wanted)) return fallback;
      spend(scope.budget, have.length * wanted.length);
      return test(have, wanted);
    };
  };
}

export const containsAll = overLists(false, (have, wanted) => wanted.every((item) => contains(have, item)));
export const containsAny = overLists(false, (have, wanted) => wanted.some((item) => contains(have, item)));
export const containsNone = overLists(true, (have, wanted) => !wanted.some((item) => contains(have, item)));

function contains(list: JsonList, wanted: JsonValue): boolean {
  return list.some((item) => {
    const comparable = !(isList(item) && isList(wanted)) && !(isObject(item) && isObject(wanted));
    if (comparable) return item === wanted;
    throw new TargetingError("lists are compared element by element, and elements cannot be lists or objects");
  });
}
