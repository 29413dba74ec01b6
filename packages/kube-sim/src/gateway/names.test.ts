import { describe, expect, it } from "vitest";
import { parseAuthority, parseServiceHost } from "./names.ts";

describe("service names", () => {
  const cases: Record<string, { host: string; expected: ReturnType<typeof parseServiceHost> }> = {
    "a bare name is in the own namespace": { host: "shop", expected: { name: "shop", namespace: "own" } },
    "name.namespace": { host: "shop.test", expected: { name: "shop", namespace: "test" } },
    "name.namespace.svc": { host: "shop.test.svc", expected: { name: "shop", namespace: "test" } },
    "the full name": { host: "shop.test.svc.cluster.local", expected: { name: "shop", namespace: "test" } },
    "a trailing dot is fine": { host: "shop.test.svc.cluster.local.", expected: { name: "shop", namespace: "test" } },
    "upper case is folded": { host: "Shop.Test", expected: { name: "shop", namespace: "test" } },
    "another domain is no service": { host: "www.example.com", expected: undefined },
    "an address is no service": { host: "10.0.0.1", expected: undefined },
    "an empty label is no service": { host: ".test", expected: undefined },
  };
  for (const [name, { host, expected }] of Object.entries(cases))
    it(name, () => expect(parseServiceHost(host, "own")).toEqual(expected));
});

describe("authorities", () => {
  const cases: Record<string, { text: string; fallback?: number; expected: ReturnType<typeof parseAuthority> }> = {
    "host and port": { text: "shop.test:8080", expected: { host: "shop.test", port: 8080 } },
    "a missing port takes the scheme's": { text: "shop", fallback: 80, expected: { host: "shop", port: 80 } },
    "a missing port without a scheme is wrong": { text: "shop", expected: undefined },
    "a port out of range is wrong": { text: "shop:70000", expected: undefined },
    "a word is no port": { text: "shop:http", expected: undefined },
  };
  for (const [name, { text, fallback, expected }] of Object.entries(cases))
    it(name, () => expect(parseAuthority(text, fallback)).toEqual(expected));
});
