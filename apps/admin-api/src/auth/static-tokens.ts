import { createHash, timingSafeEqual } from "node:crypto";
import { type Authenticator, hasRole, type Principal } from "./access.ts";
import type { StaticToken } from "./token-file.ts";

/** Bearer tokens whose SHA-256 is in a file, each with a role and, optionally, namespaces. */
export function staticTokens(current: () => readonly StaticToken[]): Authenticator {
  const entryOf = new WeakMap<Principal, StaticToken>();
  return {
    async authenticate({ token }) {
      if (token === undefined) return undefined;
      const digest = createHash("sha256").update(token).digest();
      // Every entry is compared, so that the time taken says nothing about which one matched.
      const [entry] = current().filter((t) => timingSafeEqual(digest, Buffer.from(t.sha256, "hex")));
      if (entry === undefined) return undefined;
      const principal = { name: entry.name, groups: [] };
      entryOf.set(principal, entry);
      return principal;
    },
    async isAllowed(principal, access) {
      const entry = entryOf.get(principal);
      if (entry === undefined || !hasRole(entry.role, access.role)) return false;
      return (
        entry.namespaces === undefined ||
        (access.namespace !== undefined && entry.namespaces.includes(access.namespace))
      );
    },
  };
}
