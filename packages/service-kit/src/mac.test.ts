import { expect, test } from "vitest";
import { sign, verify } from "./mac.ts";

const key = Buffer.from("key");
const payload = Buffer.from("The quick brown fox jumps over the lazy dog");

test("is HMAC-SHA256", () => {
  expect(Buffer.from(sign(payload, key)).toString("hex")).toBe(
    "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
  );
});

test("verifies its own and nothing else", () => {
  const mac = sign(payload, key);
  expect(verify(payload, mac, key)).toBe(true);
  expect(verify(Buffer.from("other"), mac, key)).toBe(false);
  expect(verify(payload, mac, Buffer.from("other"))).toBe(false);
  expect(verify(payload, mac.subarray(1), key)).toBe(false);
  expect(verify(payload, new Uint8Array(), key)).toBe(false);
});
