import { hash } from "node:crypto";

/** The entity tag of a body: the same body has the same tag, whichever instance answers. */
export function etagOf(body: string): string {
  return `"${hash("sha1", body, "base64url")}"`;
}

/** Whether `If-None-Match` names the tag: a list of tags, weak or not, or `*`. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}
