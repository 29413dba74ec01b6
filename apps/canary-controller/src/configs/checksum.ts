// The checksum of a config's data, byte for byte upstream's, so that taking over a cluster starts no rollout.
import { createHash } from "node:crypto";

/**
 * First 16 hex digits of SHA-256 over Go's JSON of `data`. Upstream does not see `binaryData`; here it counts when there is any, so that
 * a change of it starts a rollout too.
 */
export function configChecksum(o: {
  data?: Readonly<Record<string, string>> | undefined;
  binaryData?: Readonly<Record<string, string>> | undefined;
}): string {
  const binary = Object.keys(o.binaryData ?? {}).length === 0 ? "" : goJson(o.binaryData);
  return createHash("sha256")
    .update(goJson(o.data) + binary)
    .digest("hex")
    .slice(0, 16);
}

/** Go's encoding/json of a string map: sorted keys, HTML characters and line separators escaped, nil is null. */
function goJson(map: Readonly<Record<string, string>> | undefined): string {
  if (map === undefined) return "null";
  const sorted = Object.fromEntries(
    Object.entries(map).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  return JSON.stringify(sorted).replace(/[<>&\u2028\u2029]/g, escapeCharacter);
}

function escapeCharacter(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
