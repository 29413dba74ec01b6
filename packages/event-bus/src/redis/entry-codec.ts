import type { Delivery, NewEntry } from "../bus.ts";

/** Name and value of each field of an entry, in turn. */
export function encodeFields(entry: NewEntry & { failure?: string }): (string | Buffer)[] {
  const fields = [
    "id",
    entry.id,
    "key",
    entry.key,
    "seq",
    String(entry.seq),
    "type",
    entry.type,
    "payload",
    bufferOf(entry.payload),
  ];
  if (entry.traceparent !== undefined) fields.push("traceparent", entry.traceparent);
  if (entry.failure !== undefined) fields.push("failure", entry.failure);
  return fields;
}

/** Reads a Redis entry `[offset, [name, value, …]]`. What was not written by us comes out with empty fields rather than as an error. */
export function decodeEntry(raw: unknown, attempt: number): Delivery | undefined {
  if (!Array.isArray(raw)) return undefined;
  const [offset, pairs]: unknown[] = raw;
  // Redis 6 claims entries that were deleted as an offset without fields.
  if (offset === undefined || offset === null || !Array.isArray(pairs)) return undefined;
  const fields = new Map<string, unknown>();
  for (let i = 0; i + 1 < pairs.length; i += 2) fields.set(String(pairs[i]), pairs[i + 1]);
  const text = (name: string): string => String(fields.get(name) ?? "");
  const payload = fields.get("payload");
  return {
    offset: String(offset),
    attempt: Number(fields.get("attempt") ?? attempt),
    id: text("id"),
    key: text("key"),
    seq: Number(text("seq")),
    type: text("type"),
    payload: payload instanceof Uint8Array ? payload : new Uint8Array(),
    ...(fields.has("traceparent") ? { traceparent: text("traceparent") } : {}),
    ...(fields.has("failure") ? { failure: text("failure") } : {}),
  };
}

/** The entries of an XREAD or XREADGROUP answer for one stream: `[[key, [entry, …]]]`, or null after the wait. */
export function entriesOfRead(reply: unknown): unknown[] {
  const [first]: unknown[] = Array.isArray(reply) ? reply : [];
  const entries: unknown = Array.isArray(first) ? first[1] : undefined;
  return Array.isArray(entries) ? entries : [];
}

/** Turns `[name, value, …]` of XINFO into a map. */
export function mapOf(pairs: unknown): Map<string, unknown> {
  const map = new Map<string, unknown>();
  if (!Array.isArray(pairs)) return map;
  for (let i = 0; i + 1 < pairs.length; i += 2) map.set(String(pairs[i]), pairs[i + 1]);
  return map;
}

/** -1, 0 or 1: offsets are `milliseconds-sequence`. */
export function compareOffsets(a: string, b: string): number {
  const [aMs = "0", aSeq = "0"] = a.split("-");
  const [bMs = "0", bSeq = "0"] = b.split("-");
  return Math.sign(Number(aMs) - Number(bMs) || Number(aSeq) - Number(bSeq));
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
