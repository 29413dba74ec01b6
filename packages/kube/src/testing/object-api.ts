import type { KubeObject } from "../object.ts";
import type { Call } from "./scripted-api.ts";

export interface ObjectApi {
  handle: (call: Call) => void;
  readonly objects: ReadonlyMap<string, KubeObject>;
}

/** Just enough of an API for one test: objects by path, resourceVersions, 404, 409, merge patches. */
export function createObjectApi(): ObjectApi {
  const objects = new Map<string, KubeObject>();
  let version = 0;

  function store(path: string, object: KubeObject): KubeObject {
    version += 1;
    const uid = object.metadata.uid ?? `uid-${version}`;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } };
    objects.set(path, stored);
    return stored;
  }

  function create(call: Call, object: KubeObject): void {
    const path = `${call.path}/${object.metadata.name}`;
    if (objects.has(path)) call.fail(409, "AlreadyExists");
    else call.respond(201, store(path, object));
  }

  function change(call: Call, next: (before: KubeObject) => KubeObject): void {
    const before = objects.get(call.path);
    const after = before && next(before);
    if (after === undefined) call.fail(404, "NotFound");
    else if (after.metadata.resourceVersion !== before?.metadata.resourceVersion) call.fail(409, "Conflict");
    else call.respond(200, store(call.path, after));
  }

  const answers: Record<string, (call: Call) => void> = {
    GET(call) {
      const found = objects.get(call.path);
      if (found === undefined) call.fail(404, "NotFound");
      else call.respond(200, found);
    },
    POST: (call) => create(call, objectIn(call)),
    PUT: (call) => change(call, () => objectIn(call)),
    PATCH: (call) => change(call, (before) => ({ ...before, ...bodyOf(call) })),
    DELETE(call) {
      objects.delete(call.path);
      call.respond(200, {});
    },
  };
  return { objects, handle: (call) => answers[call.method]?.(call) };
}

function bodyOf(call: Call): object {
  if (typeof call.body !== "object" || call.body === null) throw new Error(`${call.method} ${call.path} has no body`);
  return call.body;
}

function objectIn(call: Call): KubeObject {
  const body = bodyOf(call);
  if (!("metadata" in body)) throw new Error(`${call.method} ${call.path} has no metadata`);
  return body as KubeObject;
}
