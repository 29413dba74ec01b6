import { isObject } from "../json.ts";

const step =
  /^\.([\w-]+)|^\['([^']*)'\]|^\["([^"]*)"\]|^\[(\*|-?\d+)\]|^\[\?\(@([^=!]*?)\s*(==|!=)\s*["']([^"']*)["']\)\]|^\.(\*)|^\.(?=\[)/;

/**
 * Evaluates the part of JSONPath that printer columns and scale paths use: fields, indexes, `*` and
 * `[?(@.type=="Ready")]`. A path it cannot read yields nothing.
 */
export function evaluateJsonPath(root: unknown, path: string): unknown[] {
  let rest = path.replace(/^\{|\}$/g, "").replace(/^\$/, "");
  let current: unknown[] = [root];
  while (rest !== "") {
    const match = step.exec(rest);
    if (!match) return [];
    rest = rest.slice(match[0].length);
    const [, field, single, double, index, filterPath, operator, operand, star] = match;
    const name = field ?? single ?? double;
    if (name !== undefined)
      current = current.flatMap((value) => (isObject(value) && name in value ? [value[name]] : []));
    else if (index === "*" || star) current = current.flatMap(children);
    else if (index !== undefined) {
      current = current.flatMap((value) => (Array.isArray(value) ? value.slice(Number(index)).slice(0, 1) : []));
    } else if (filterPath !== undefined) {
      current = current
        .flatMap(children)
        .filter((value) => (String(evaluateJsonPath(value, filterPath)[0]) === operand) === (operator === "=="));
    }
  }
  return current;
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}
