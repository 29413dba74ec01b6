import { createHmac, timingSafeEqual } from "node:crypto";

/** HMAC-SHA256 of the payload: 32 bytes. */
export function sign(payload: Uint8Array, key: Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(payload).digest();
}

/** Whether `mac` is the HMAC-SHA256 of the payload under this key. Takes the same time for every wrong mac of the right length. */
export function verify(payload: Uint8Array, mac: Uint8Array, key: Uint8Array): boolean {
  const expected = sign(payload, key);
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}
