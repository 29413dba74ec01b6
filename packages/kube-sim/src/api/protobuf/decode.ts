import { isObject, type JsonObject } from "../json.ts";
import { badRequest, unsupportedMediaType } from "../status.ts";
import { messages } from "./messages.ts";
import { wireFields } from "./wire.ts";

/** The media type of kubectl's typed commands: `create`, `autoscale`, `auth can-i`. Answers are JSON all the same. */
export const protobufType = "application/vnd.kubernetes.protobuf";

const magic = Buffer.from("k8s\0");

/** Fields whose content stands in their parent in JSON. */
const inlined = new Set([
  "volumeSource",
  "handler",
  "localObjectReference",
  "ephemeralContainerCommon",
  "persistentVolumeSource",
]);

/** Fields that are always on the wire; empty they mean nothing and JSON leaves them out. */
const droppedWhenEmpty = new Set([
  ...[
    "metadata",
    "status",
    "strategy",
    "updateStrategy",
    "resources",
    "creationTimestamp",
    "generation",
    "nodePort",
    "hostPort",
  ],
  ...[
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
    "minReadySeconds",
  ],
  ...[
    "count",
    "healthCheckNodePort",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "stdin",
    "stdinOnce",
    "tty",
    "paused",
    "readOnly",
  ],
  ...["publishNotReadyAddresses", "firstTimestamp", "lastTimestamp", "eventTime"],
]);

interface Field {
  name: string;
  type: string;
  shape: "one" | "list" | "map";
}

const tables = new Map<string, Map<number, Field>>();

function fieldsOf(message: string): Map<number, Field> {
  const known = tables.get(message);
  if (known) return known;
  const table = new Map<number, Field>();
  for (const entry of (messages[message] ?? "").split(", ")) {
    const [number = "", name = "", type = ""] = entry.split(" ");
    const shape = type.endsWith("[]") ? "list" : type.endsWith("{}") ? "map" : "one";
    table.set(Number(number), { name, shape, type: shape === "one" ? type : type.slice(0, -2) });
  }
  tables.set(message, table);
  return table;
}

/** Decodes a protobuf body to the JSON it stands for. Throws 415 for kinds and fields that are not in the table. */
export function decodeProtobuf(body: Uint8Array): JsonObject {
  if (!magic.equals(body.subarray(0, 4))) throw badRequest("the body does not begin as Kubernetes protobuf does");
  const envelope: JsonObject = {};
  for (const { number, value } of wireFields(body.subarray(4))) envelope[number] = value;
  const header = envelope[1] instanceof Uint8Array ? texts(envelope[1]) : [];
  const [, apiVersion = "", kind = ""] = header;
  const raw = envelope[2] instanceof Uint8Array ? envelope[2] : new Uint8Array();
  const name = messageName(apiVersion, kind);
  if (!(name in messages))
    throw unsupportedMediaType(["application/json"], `${protobufType} with ${apiVersion} ${kind}`);
  return { apiVersion, kind, ...decodeMessage(raw, name) };
}

/** A message of strings, by field number. */
function texts(bytes: Uint8Array): string[] {
  const found: string[] = [];
  for (const { number, value } of wireFields(bytes)) {
    if (value instanceof Uint8Array) found[number] = Buffer.from(value).toString("utf8");
  }
  return found;
}

function messageName(apiVersion: string, kind: string): string {
  if (kind === "DeleteOptions") return kind;
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  const short = group === "rbac.authorization.k8s.io" ? "rbac" : (group.split(".")[0] ?? group);
  return `${short}/${version}.${kind}`;
}

function decodeMessage(bytes: Uint8Array, message: string): JsonObject {
  const table = fieldsOf(message);
  const result: JsonObject = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = table.get(number);
    if (!field) throw unsupportedMediaType(["application/json"], `${protobufType} with field ${number} of ${message}`);
    const { name, type, shape } = field;
    if (type === "-") continue;
    if (shape === "map") {
      const [key, entry] = mapEntry(value, type);
      const map = isObject(result[name]) ? result[name] : {};
      map[key] = entry;
      result[name] = map;
      continue;
    }
    const decoded = decodeValue(value, type);
    if (shape === "list") {
      const list = Array.isArray(result[name]) ? result[name] : [];
      list.push(decoded);
      result[name] = list;
    } else if (inlined.has(name) && isObject(decoded)) Object.assign(result, decoded);
    else if (decoded !== undefined && !isEmptyField(name, decoded)) result[name] = decoded;
  }
  return result;
}

function isEmptyField(name: string, value: unknown): boolean {
  if (value === "") return true;
  const empty = value === 0 || value === false || (isObject(value) && Object.keys(value).length === 0);
  return empty && droppedWhenEmpty.has(name);
}

function mapEntry(value: number | Uint8Array, type: string): [string, unknown] {
  let key = "";
  let entry: unknown = "";
  for (const field of wireFields(value instanceof Uint8Array ? value : new Uint8Array())) {
    if (field.number === 1 && field.value instanceof Uint8Array) key = Buffer.from(field.value).toString("utf8");
    if (field.number === 2) entry = decodeValue(field.value, type);
  }
  return [key, entry];
}

function decodeValue(value: number | Uint8Array, type: string): unknown {
  if (typeof value === "number") return type === "b" ? value !== 0 : value;
  switch (type) {
    case "s":
      return Buffer.from(value).toString("utf8");
    case "y":
      return Buffer.from(value).toString("base64");
    case "d":
      return new DataView(value.buffer, value.byteOffset, 8).getFloat64(0, true);
    case "Quantity":
      return texts(value)[1] ?? "";
    case "Time":
    case "MicroTime":
      return decodeTime(value, type === "MicroTime");
    case "IntOrString":
      return decodeIntOrString(value);
    case "FieldsV1":
    case "RawExtension": {
      const parsed: unknown = JSON.parse(texts(value)[1] || "{}");
      return parsed;
    }
    default: {
      const message = decodeMessage(value, type);
      return type.endsWith(".ExtraValue") ? (message.items ?? []) : message;
    }
  }
}

function decodeTime(bytes: Uint8Array, micro: boolean): string | undefined {
  let seconds = 0;
  let nanos = 0;
  for (const { number, value } of wireFields(bytes)) {
    if (typeof value !== "number") continue;
    if (number === 1) seconds = value;
    if (number === 2) nanos = value;
  }
  // Go's zero time: no time at all.
  if (seconds <= 0) return undefined;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${whole}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z` : `${whole}Z`;
}

function decodeIntOrString(bytes: Uint8Array): number | string {
  let isText = false;
  let whole = 0;
  let text = "";
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) isText = value === 1;
    else if (number === 2 && typeof value === "number") whole = value;
    else if (number === 3 && value instanceof Uint8Array) text = Buffer.from(value).toString("utf8");
  }
  return isText ? text : whole;
}
