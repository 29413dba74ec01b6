import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Fields of a message by number. */
type Fields = Readonly<Record<number, Field>>;
type Field = readonly [name: string, kind: Kind | Fields, repeated?: "repeated"];
type Kind = "string" | "hex" | "varint" | "fixed64" | "double" | "doubles" | "fixed64s";

// The parts of opentelemetry-proto that exporters write, by their field numbers.
const anyValue: Fields = {
  1: ["string", "string"],
  2: ["bool", "varint"],
  3: ["int", "varint"],
  4: ["double", "double"],
};
const attribute: Fields = { 1: ["key", "string"], 2: ["value", anyValue] };
const resource: Fields = { 1: ["attributes", attribute, "repeated"] };
const scope: Fields = { 1: ["name", "string"], 2: ["version", "string"] };
const event: Fields = { 1: ["time", "fixed64"], 2: ["name", "string"], 3: ["attributes", attribute, "repeated"] };
const span: Fields = {
  1: ["traceId", "hex"],
  2: ["spanId", "hex"],
  4: ["parentSpanId", "hex"],
  5: ["name", "string"],
  6: ["kind", "varint"],
  9: ["attributes", attribute, "repeated"],
  11: ["events", event, "repeated"],
  15: ["status", { 2: ["message", "string"], 3: ["code", "varint"] }],
};
const numberPoint: Fields = {
  4: ["value", "double"],
  6: ["value", "fixed64"],
  7: ["attributes", attribute, "repeated"],
};
const histogramPoint: Fields = {
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["bucketCounts", "fixed64s"],
  7: ["bounds", "doubles"],
  9: ["attributes", attribute, "repeated"],
};
const metric: Fields = {
  1: ["name", "string"],
  2: ["description", "string"],
  3: ["unit", "string"],
  5: ["gauge", { 1: ["points", numberPoint, "repeated"] }],
  7: ["sum", { 1: ["points", numberPoint, "repeated"], 2: ["temporality", "varint"], 3: ["monotonic", "varint"] }],
  9: ["histogram", { 1: ["points", histogramPoint, "repeated"], 2: ["temporality", "varint"] }],
};

export const exportRequests = {
  traces: {
    1: [
      "resources",
      { 1: ["resource", resource], 2: ["scopes", { 1: ["scope", scope], 2: ["items", span, "repeated"] }, "repeated"] },
      "repeated",
    ],
  },
  metrics: {
    1: [
      "resources",
      {
        1: ["resource", resource],
        2: ["scopes", { 1: ["scope", scope], 2: ["items", metric, "repeated"] }, "repeated"],
      },
      "repeated",
    ],
  },
} satisfies Record<string, Fields>;

export type Decoded = { [name: string]: unknown };

/** Reads a protobuf message by its table of fields; attributes become an object. Throws for bytes that are no message. */
export function decodeMessage(bytes: Uint8Array, fields: Fields): Decoded {
  const reader = new BinaryReader(bytes);
  const message: Decoded = {};
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = fields[number];
    if (field === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    const [name, kind, repeated] = field;
    const value = read(reader, wireType, kind);
    if (repeated === undefined) message[name] = value;
    else message[name] = [...(Array.isArray(message[name]) ? message[name] : []), value];
  }
  if (Array.isArray(message.attributes)) message.attributes = attributesOf(message.attributes);
  return message;
}

function read(reader: BinaryReader, wireType: WireType, kind: Kind | Fields): unknown {
  if (typeof kind === "object") return decodeMessage(reader.bytes(), kind);
  switch (kind) {
    case "string":
      return reader.string();
    case "hex":
      return Buffer.from(reader.bytes()).toString("hex");
    case "varint":
      return Number(reader.int64());
    case "fixed64":
      return Number(reader.fixed64());
    case "double":
      return reader.double();
    case "doubles":
      return packed(reader, wireType, (part) => part.double());
    case "fixed64s":
      return packed(reader, wireType, (part) => Number(part.fixed64()));
  }
}

function packed(reader: BinaryReader, wireType: WireType, one: (part: BinaryReader) => number): number[] {
  if (wireType !== WireType.LengthDelimited) return [one(reader)];
  const part = new BinaryReader(reader.bytes());
  const values: number[] = [];
  while (part.pos < part.len) values.push(one(part));
  return values;
}

function attributesOf(pairs: readonly unknown[]): Record<string, unknown> {
  const entries = pairs.flatMap((pair) =>
    typeof pair === "object" && pair !== null && "key" in pair && "value" in pair && typeof pair.value === "object"
      ? [[String(pair.key), Object.values(pair.value ?? {})[0]]]
      : [],
  );
  return Object.fromEntries(entries);
}
