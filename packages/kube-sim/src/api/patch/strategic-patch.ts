import { clone, equal, isObject, type JsonObject } from "../json.ts";
import type { Shape } from "../shape.ts";
import { ApiError } from "../status.ts";

/** How the API server refuses what it does not expect: as an error of its own. */
function unmergeable(why: string): ApiError {
  return new ApiError(500, "", why);
}

/** A map as Go prints it. */
function inGo(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inGo).join(" ")}]`;
  if (!isObject(value)) return String(value);
  const names = Object.keys(value).sort();
  return `map[${names.map((name) => `${name}:${inGo(value[name])}`).join(" ")}]`;
}

const directives = ["delete", "merge", "replace"];
const setOrder = "$setElementOrder/";
const deleteFromSet = "$deleteFromPrimitiveList/";

/** Kubernetes' strategic merge: like a merge patch, but lists with a merge key merge item by item. */
export function strategicPatch(target: unknown, patch: unknown, shape: Shape): unknown {
  if (!isObject(patch)) return clone(patch);
  if (patch.$patch === "replace") return withoutDirectives(patch);
  if (patch.$patch === "delete") return {};
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === "$patch" || key === "$retainKeys" || key.startsWith(setOrder)) continue;
    if (key.startsWith(deleteFromSet)) {
      removeValues(result, key.slice(deleteFromSet.length), value);
      continue;
    }
    if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = mergeList(result[key], value, shape.field(key), patch[setOrder + key]);
    else result[key] = strategicPatch(result[key], value, shape.field(key));
  }
  for (const [key, order] of Object.entries(patch)) {
    const name = key.slice(setOrder.length);
    if (key.startsWith(setOrder) && patch[name] === undefined) {
      result[name] = inOrder(asList(result[name]), order, {
        key: mergeKey(shape.field(name)),
        before: asList(result[name]),
      });
    }
  }
  const retain = patch.$retainKeys;
  if (Array.isArray(retain)) for (const key of Object.keys(result)) if (!retain.includes(key)) delete result[key];
  return result;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Strategic merge knows one key per list: the first of the keys that server-side apply uses. */
function mergeKey(shape: Shape): string | undefined {
  return typeof shape.list === "object" ? shape.list.keys[0]?.name : undefined;
}

function removeValues(result: JsonObject, name: string, values: unknown): void {
  const gone = asList(values);
  result[name] = asList(result[name]).filter((item) => !gone.some((other) => equal(item, other)));
}

function mergeList(current: unknown, patch: unknown[], shape: Shape, order: unknown): unknown[] {
  const key = mergeKey(shape);
  if (shape.list === "set") {
    const merged = [...asList(current)];
    for (const item of patch) if (!merged.some((known) => equal(known, item))) merged.push(clone(item));
    return inOrder(merged, order ?? patch, { key: undefined, before: asList(current) });
  }
  if (
    key === undefined ||
    patch.some((item) => isObject(item) && item.$patch === "replace" && item[key] === undefined)
  ) {
    return patch.filter((item) => !(isObject(item) && item.$patch === "replace")).map(withoutDirectives);
  }
  let merged: unknown[] = [...asList(current)];
  for (const item of patch) {
    if (!isObject(item) || item[key] === undefined) {
      throw unmergeable(`map: ${inGo(item)} does not contain declared merge key: ${key}`);
    }
    const directive = item.$patch;
    if (directive !== undefined && !directives.includes(String(directive))) {
      throw unmergeable(`unknown patch type: ${directive} in map: ${inGo(item)}`);
    }
    const index = merged.findIndex((known) => isObject(known) && equal(known[key], item[key]));
    if (item.$patch === "delete") merged = merged.filter((_, position) => position !== index);
    else if (index < 0) merged.push(strategicPatch({}, item, shape.items()));
    else merged[index] = strategicPatch(merged[index], item, shape.items());
  }
  return inOrder(merged, order ?? patch, { key, before: asList(current) });
}

/** Items named in the order come in that order; others only before those that they already came before. */
function inOrder(
  items: unknown[],
  order: unknown,
  { key, before }: { key: string | undefined; before: readonly unknown[] },
): unknown[] {
  if (!Array.isArray(order)) return items;
  const identity = (item: unknown) => (key !== undefined && isObject(item) ? item[key] : item);
  const place = (list: readonly unknown[], item: unknown) =>
    list.findIndex((entry) => equal(identity(entry), identity(item)));
  const rank = (item: unknown) => place(order, item);
  const listed = items.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const others = items.filter((item) => rank(item) < 0);
  const result: unknown[] = [];
  for (const item of listed) {
    const here = place(before, item);
    while (others.length > 0 && here >= 0 && place(before, others[0]) < here) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) if (!key.startsWith("$")) result[key] = withoutDirectives(child);
  return result;
}
