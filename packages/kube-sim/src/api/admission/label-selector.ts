import { isObject, objectsAt, stringAt, stringMapAt, stringsAt } from "../json.ts";

/** Whether labels fit a LabelSelector as objects carry it: matchLabels and matchExpressions. An empty one fits everything. */
export function fitsSelector(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (!isObject(selector)) return true;
  const equal = Object.entries(stringMapAt(selector, "matchLabels")).every(([key, value]) => labels[key] === value);
  return (
    equal &&
    objectsAt(selector, "matchExpressions").every((expression) => {
      const value = labels[stringAt(expression, "key") ?? ""];
      const listed = value !== undefined && stringsAt(expression, "values").includes(value);
      switch (expression.operator) {
        case "In":
          return listed;
        case "NotIn":
          return !listed;
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
