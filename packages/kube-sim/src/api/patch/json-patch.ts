import { clone, equal, isObject } from "../json.ts";
import { badRequest, inapplicablePatch } from "../status.ts";

/**
 * RFC 6902, as the API server reads it. Throws 400 for what is no list of operations and 422 for one that cannot be
 * carried out. The target is not changed.
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (patch === null) return clone(target);
  if (patch === undefined) throw badRequest("error decoding patch: unexpected end of JSON input");
  if (!Array.isArray(patch)) throw notReadable(patch, "[]handlers.jsonPatchOp");
  const odd: unknown = patch.find((operation) => !isObject(operation));
  if (odd !== undefined) throw notReadable(odd, "handlers.jsonPatchOp");
  return patch.reduce<unknown>(applyOperation, clone(target));
}

function notReadable(value: unknown, as: string) {
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return badRequest(`error decoding patch: json: cannot unmarshal ${type} into Go value of type ${as}`);
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw inapplicablePatch();
  const path = pointer(operation.path);
  const from = () => pointer(operation.from);
  switch (operation.op) {
    case "add":
      return add(document, path, operation.value ?? null);
    case "remove":
      return remove(document, path);
    case "replace":
      return readOr(document, path) === undefined
        ? add(document, path, operation.value ?? null)
        : add(remove(document, path), path, operation.value ?? null);
    case "move": {
      const value = read(document, from());
      return add(remove(document, from()), path, value);
    }
    case "copy":
      // What is not there is copied as null.
      return add(document, path, clone(readOr(document, from()) ?? null));
    case "test":
      if (!equal(path.length === 0 ? document : readOr(document, path), operation.value)) throw inapplicablePatch();
      return document;
    default:
      throw inapplicablePatch();
  }
}

function pointer(text: unknown): string[] {
  if (text === "") return [];
  if (typeof text !== "string" || !text.startsWith("/")) throw inapplicablePatch();
  return text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function readOr(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const step of path) {
    if (Array.isArray(current)) current = current.at(Number(step));
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current;
}

function read(document: unknown, path: readonly string[]): unknown {
  const value = readOr(document, path);
  if (value === undefined) throw inapplicablePatch();
  return value;
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return clone(value);
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(insertAt(last, parent.length), 0, clone(value));
  else if (isObject(parent)) parent[last] = clone(value);
  else throw inapplicablePatch();
  return document;
}

/** Negative positions count from behind: -1 is after the last item. */
function insertAt(step: string, length: number): number {
  const given = step === "-" ? length : Number(step);
  const index = given < 0 ? length + 1 + given : given;
  if (!Number.isInteger(index) || index < 0 || index > length) throw inapplicablePatch();
  return index;
}

function remove(document: unknown, path: readonly string[]): unknown {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const parent = read(document, path.slice(0, -1));
  read(document, path);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
  return document;
}
