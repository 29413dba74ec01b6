import type { JsonObject, JsonValue } from "@burgee/flag-engine";

/** A request for one flag, or for all flags with an empty key. */
export interface WireRequest {
  readonly key: string;
  readonly context: JsonObject | undefined;
}

/** Nested deeper than any sensible context: left to the general decoder. */
const maxDepth = 16;

/**
 * Reads the two fields of an evaluation request, the way every encoder writes them: known fields, each at most once. Undefined for
 * everything else, valid or not: the general decoder judges it.
 */
export function readWireRequest(
  bytes: Buffer,
  start: number,
  fields: { readonly key?: number; readonly context: number },
): WireRequest | undefined {
  const reader: Reader = { bytes, at: start };
  let key = "";
  let context: JsonObject | undefined;
  let seen = 0;
  while (reader.at < bytes.length) {
    const tag = bytes[reader.at++];
    const field = (tag ?? 0) >> 3;
    const end = readEnd(reader, bytes.length);
    if (tag === undefined || (tag & 7) !== lengthDelimited || end === -1 || seen & (1 << field)) return undefined;
    seen |= 1 << field;
    if (field === fields.key) {
      const text = readText(reader, end);
      if (text === undefined) return undefined;
      key = text;
    } else if (field === fields.context) {
      context = readStruct(reader, end, 0);
      if (context === undefined) return undefined;
    } else {
      return undefined;
    }
  }
  return { key, context };
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

const lengthDelimited = 2;
/** Tags of google.protobuf.Struct, its map entries, and Value: field number and wire type. */
const tags = { fields: 0x0a, key: 0x0a, value: 0x12 } as const;
const kinds = { null: 0x08, number: 0x11, text: 0x1a, boolean: 0x20, struct: 0x2a, list: 0x32, item: 0x0a } as const;

/** The end of a field that begins with its length; -1 when that is no length inside of what is around it. */
function readEnd(reader: Reader, outer: number): number {
  let length = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) return -1;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return reader.at + length <= outer ? reader.at + length : -1;
  }
  return -1;
}

function readText(reader: Reader, end: number): string | undefined {
  const text = reader.bytes.toString("utf8", reader.at, end);
  reader.at = end;
  // What is not UTF-8 is refused by the general decoder; this one would replace it.
  return text.includes("\ufffd") ? undefined : text;
}

function readStruct(reader: Reader, end: number, depth: number): JsonObject | undefined {
  if (depth > maxDepth) return undefined;
  const { bytes } = reader;
  const object: Record<string, JsonValue> = {};
  while (reader.at < end) {
    if (bytes[reader.at++] !== tags.fields) return undefined;
    const entryEnd = readEnd(reader, end);
    if (entryEnd === -1 || bytes[reader.at++] !== tags.key) return undefined;
    const keyEnd = readEnd(reader, entryEnd);
    if (keyEnd === -1) return undefined;
    const key = readText(reader, keyEnd);
    // Assigning it would set the prototype.
    if (key === undefined || key === "__proto__" || bytes[reader.at++] !== tags.value) return undefined;
    const valueEnd = readEnd(reader, entryEnd);
    if (valueEnd !== entryEnd) return undefined;
    const value = readValue(reader, valueEnd, depth);
    if (value === undefined || reader.at !== entryEnd) return undefined;
    object[key] = value;
  }
  return object;
}

function readValue(reader: Reader, end: number, depth: number): JsonValue | undefined {
  const { bytes } = reader;
  switch (bytes[reader.at++]) {
    case kinds.null:
      return bytes[reader.at++] === 0 ? null : undefined;
    case kinds.boolean: {
      const byte = bytes[reader.at++];
      return byte === 1 ? true : byte === 0 ? false : undefined;
    }
    case kinds.number: {
      if (reader.at + 8 > end) return undefined;
      const number = bytes.readDoubleLE(reader.at);
      reader.at += 8;
      return Number.isFinite(number) ? number : undefined;
    }
    case kinds.text: {
      const textEnd = readEnd(reader, end);
      return textEnd === -1 ? undefined : readText(reader, textEnd);
    }
    case kinds.struct: {
      const structEnd = readEnd(reader, end);
      return structEnd === -1 ? undefined : readStruct(reader, structEnd, depth + 1);
    }
    case kinds.list: {
      const listEnd = readEnd(reader, end);
      return listEnd === -1 ? undefined : readList(reader, listEnd, depth + 1);
    }
    default:
      return undefined;
  }
}

function readList(reader: Reader, end: number, depth: number): readonly JsonValue[] | undefined {
  if (depth > maxDepth) return undefined;
  const list: JsonValue[] = [];
  while (reader.at < end) {
    if (reader.bytes[reader.at++] !== kinds.item) return undefined;
    const itemEnd = readEnd(reader, end);
    const item = itemEnd === -1 ? undefined : readValue(reader, itemEnd, depth);
    if (item === undefined || reader.at !== itemEnd) return undefined;
    list.push(item);
  }
  return list;
}
