import type { IncomingMessage, ServerResponse } from "node:http";
import type { UserInfo } from "../auth/user.ts";
import type { FieldValidation } from "./admission.ts";
import type { Rendering } from "./content.ts";
import type { JsonObject } from "./json.ts";
import type { Ref } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { jsonOf } from "./object-text.ts";
import type { RequestInfo } from "./request-info.ts";
import type { ResourceDefinition } from "./resource.ts";
import { badRequest, invalidOption, methodNotAllowed } from "./status.ts";
import { metadataOnly, tableOf } from "./table.ts";
import type { WriteOptions } from "./write.ts";

/** One request with what has been found out about it. */
export interface Call {
  info: RequestInfo;
  resource: ResourceDefinition;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  rendering: Rendering;
  user: UserInfo;
  /** Epoch milliseconds. */
  now: number;
}

/** The object a call names. Throws 405 when it names none. */
export function refOf({ info, resource }: Call): Ref {
  if (info.name === undefined) throw methodNotAllowed();
  if (resource.namespaced && info.namespace === undefined)
    throw badRequest("namespace is required to name this resource");
  return { namespace: info.namespace, name: info.name };
}

/** How the query wants a write done. Throws 422 for values it cannot have. */
export function writeOptions({ query, request, info, user }: Call): WriteOptions {
  const dryRun = query.get("dryRun");
  const kind = optionsKinds[info.verb] ?? "CreateOptions";
  checkDryRun(kind, query.getAll("dryRun"));
  checkManager(kind, query.get("fieldManager") ?? "");
  const agent = request.headers["user-agent"]?.split("/")[0]?.trim() || "unknown";
  const asGiven: JsonObject = {
    apiVersion: "meta.k8s.io/v1",
    ...(dryRun !== null && { dryRun: [dryRun] }),
  };
  for (const name of ["fieldManager", "fieldValidation"]) if (query.get(name)) asGiven[name] = query.get(name);
  return {
    fieldManager: query.get("fieldManager") || agent.slice(0, 128),
    dryRun: dryRun === "All",
    fieldValidation: fieldValidation(query.get("fieldValidation"), kind),
    user,
    asGiven,
  };
}

/** Throws 422 for ways to try a request out that there are not. */
export function checkDryRun(kind: string, given: readonly unknown[]): void {
  if (given.every((value) => value === "All")) return;
  const detail = 'supported values: "All"';
  throw invalidOption(kind, { type: "NotSupported", field: "dryRun", value: given, detail });
}

function checkManager(kind: string, name: string): void {
  const field = "fieldManager";
  if (name.length > 128)
    throw invalidOption(kind, { type: "TooLong", field, detail: "may not be more than 128 bytes" });
  const at = [...name].findIndex((letter) => letter !== " " && /[\p{C}\p{Z}]/u.test(letter));
  if (at < 0) return;
  const code = ([...name][at]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const detail = `invalid character U+${code} (at position ${at})`;
  throw invalidOption(kind, { type: "Invalid", field, value: name, detail });
}

const optionsKinds: Record<string, string> = { patch: "PatchOptions", update: "UpdateOptions" };

function fieldValidation(given: string | null, kind: string): FieldValidation {
  if (given === null || given === "") return "Warn";
  if (given === "Ignore" || given === "Warn" || given === "Strict") return given;
  const detail = 'supported values: "", "Ignore", "Strict", "Warn"';
  throw invalidOption(kind, { type: "NotSupported", field: "fieldValidation", value: given, detail });
}

/** Adds warnings that kubectl shows. */
export function warn({ response }: Call, warnings: readonly string[]): void {
  if (warnings.length > 0)
    response.appendHeader(
      "warning",
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    );
}

/** Answers with JSON text. The answers of one turn of the event loop go out together: a client that made many requests wakes up once. */
export function send({ response, request }: Call, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  setImmediate(() => response.end(request.method === "HEAD" ? undefined : text));
}

/** Answers with an object, rendered as the client asked. */
export function sendObject(call: Call, status: number, object: KubeObject): void {
  send(call, status, rendered(call, object));
}

function rendered({ rendering, resource, query, now }: Call, object: KubeObject): string {
  if (rendering === "object") return jsonOf(object);
  if (rendering === "metadata") return JSON.stringify(metadataOnly(object));
  const listMeta: JsonObject = { resourceVersion: object.metadata.resourceVersion };
  return JSON.stringify(tableOf(resource, [object], { listMeta, includeObject: query.get("includeObject"), now }));
}
