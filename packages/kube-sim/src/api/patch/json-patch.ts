import { clone, equal, isObject } from "../json.ts";
import { ApiError, badRequest } from "../status.ts";

/** RFC 6902. Throws 400 for a malformed patch and 422 for one that does not apply. The target is not changed. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest("error decoding patch: expected a list of operations");
  return patch.reduce<unknown>(applyOperation, clone(target));
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isObject(operation) || typeof operation.path !== "string") {
    throw badRequest(`error decoding patch: ${JSON.stringify(operation)} has no path`);
  }
  const path = pointer(operation.path);
  const from = () => pointer(typeof operation.from === "string" ? operation.from : "");
  switch (operation.op) {
    case "add":
      return add(document, path, operation.value);
    case "remove":
      return remove(document, path);
    case "replace":
      return readOr(document, path) === undefined
        ? add(document, path, operation.value)
        : add(remove(document, path), path, operation.value);
    case "move": {
      const value = read(document, from());
      return add(remove(document, from()), path, value);
    }
    case "copy":
      return add(document, path, clone(read(document, from())));
    case "test":
      if (!equal(path.length === 0 ? document : readOr(document, path), operation.value)) {
        throw refused(`testing path ${operation.path} value failed`);
      }
      return document;
    default:
      throw badRequest(
        `error decoding patch: op is ${JSON.stringify(operation.op)}, expected add, remove, replace, move, copy or test`,
      );
  }
}

function refused(why: string): ApiError {
  return new ApiError(422, "Invalid", `the server rejected our request due to an error in our request: ${why}`);
}

function pointer(text: string): string[] {
  if (text === "") return [];
  if (!text.startsWith("/"))
    throw badRequest(`error decoding patch: path is ${JSON.stringify(text)}, expected a leading /`);
  return text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function readOr(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current;
}

function read(document: unknown, path: readonly string[]): unknown {
  const value = readOr(document, path);
  if (value === undefined) throw refused(`path /${path.join("/")} does not exist`);
  return value;
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return clone(value);
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) {
      throw refused(`index ${last} of /${path.slice(0, -1).join("/")} is out of bounds`);
    }
    parent.splice(index, 0, clone(value));
  } else if (isObject(parent)) parent[last] = clone(value);
  else throw refused(`/${path.slice(0, -1).join("/")} is no object`);
  return document;
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
