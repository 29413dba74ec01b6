import { describe, expect, it } from "vitest";
import { decodeProtobuf } from "./decode.ts";

// Written down from what kubectl sends; see the sentences for the commands.
const bytes = (...parts: (string | number | Buffer)[]) =>
  Buffer.concat(
    parts.map((part) =>
      Buffer.isBuffer(part) ? part : typeof part === "number" ? Buffer.from([part]) : Buffer.from(part),
    ),
  );
const field = (number: number, content: Buffer | string) =>
  bytes((number << 3) | 2, Buffer.byteLength(content), bytes(content));
const envelope = (apiVersion: string, kind: string, raw: Buffer) =>
  bytes("k8s\0", field(1, bytes(field(1, apiVersion), field(2, kind))), field(2, raw));

const cases: Record<string, { body: Buffer; expected: object }> = {
  "a namespace, without the parts that are empty": {
    body: envelope(
      "v1",
      "Namespace",
      bytes(field(1, bytes(field(1, "foo"), field(2, ""), field(8, ""))), field(2, ""), field(3, "")),
    ),
    expected: { apiVersion: "v1", kind: "Namespace", metadata: { name: "foo" }, spec: {} },
  },
  "a config map's data": {
    body: envelope("v1", "ConfigMap", bytes(field(1, field(1, "a")), field(2, bytes(field(1, "k"), field(2, "v"))))),
    expected: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { k: "v" } },
  },
  "a secret's bytes as base64": {
    body: envelope(
      "v1",
      "Secret",
      bytes(field(1, field(1, "a")), field(2, bytes(field(1, "k"), field(2, Buffer.from([255, 0]))))),
    ),
    expected: { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, data: { k: "/wA=" } },
  },
};

describe("a protobuf body", () => {
  it.each(Object.entries(cases))("decodes %s", (_sentence, { body, expected }) => {
    expect(decodeProtobuf(body)).toEqual(expected);
  });

  it("of an unknown kind is refused with its name", () => {
    expect(() => decodeProtobuf(envelope("v1", "Mystery", Buffer.alloc(0)))).toThrow("with v1 Mystery");
  });

  it("with an unknown field is refused rather than half read", () => {
    const body = envelope("v1", "ConfigMap", bytes(((99 << 3) & 0xff) | 0x80 | 2, 99 >> 4, 1, "x"));
    expect(() => decodeProtobuf(body)).toThrow("field 99 of core/v1.ConfigMap");
  });
});
