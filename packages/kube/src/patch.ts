import type { PatchOptions } from "./client.ts";

/** The media types by which the API tells patches apart. JSON is YAML, so an apply may be JSON too. */
export const patchContentType = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/**
 * The patch with its resourceVersion precondition built in. A patch that sets resourceVersion, even to the value the object
 * should have, makes the API compare and answer 409; a JSON patch `test` operation would give 422, like a malformed patch.
 */
export function guardedPatch(patch: object, o: Pick<PatchOptions, "type" | "resourceVersion">): object {
  const { resourceVersion } = o;
  if (resourceVersion === undefined) return patch;
  if (Array.isArray(patch)) {
    return [{ op: "replace", path: "/metadata/resourceVersion", value: resourceVersion }, ...patch];
  }
  const metadata = "metadata" in patch && typeof patch.metadata === "object" ? patch.metadata : {};
  return { ...patch, metadata: { ...metadata, resourceVersion } };
}
