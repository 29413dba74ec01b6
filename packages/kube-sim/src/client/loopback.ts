import { isObject, type JsonObject, objectsAt, stringsAt } from "../api/json.ts";
import { paths } from "./paths.ts";

/**
 * Stands for this machine in EndpointSlices, where the API takes no loopback address. It is reserved for documentation
 * (RFC 5737), so that it is never a real host.
 */
export const thisMachine = "192.0.2.1";
const loopback = "127.0.0.1";

/** The body of a write as the API takes it. */
export function toWire(path: string, body: unknown): unknown {
  return isSlicePath(path) && isObject(body) ? withAddresses(body, { from: loopback, to: thisMachine }) : body;
}

/** An object of the API with addresses that can be reached from here. */
export function fromWire<T extends JsonObject>(path: string, object: T): T {
  return isSlicePath(path) ? withAddresses(object, { from: thisMachine, to: loopback }) : object;
}

function isSlicePath(path: string): boolean {
  return path.startsWith(paths.endpointSlices.api) && path.includes(`/${paths.endpointSlices.plural}`);
}

function withAddresses<T extends JsonObject>(slice: T, { from, to }: { from: string; to: string }): T {
  if (!Array.isArray(slice.endpoints)) return slice;
  const endpoints = objectsAt(slice, "endpoints").map((endpoint) => ({
    ...endpoint,
    addresses: stringsAt(endpoint, "addresses").map((address) => (address === from ? to : address)),
  }));
  return { ...slice, endpoints };
}
