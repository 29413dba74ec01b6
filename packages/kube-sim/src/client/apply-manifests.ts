import { isObject, type JsonObject, objectAt, stringAt } from "../api/json.ts";
import { KubeSimError } from "../error.ts";
import type { ApiClient } from "./api-client.ts";

const first = ["CustomResourceDefinition", "Namespace"];

/**
 * Applies objects server-side, definitions and namespaces first. Namespaced objects without a namespace go to
 * `default`. Throws KubeSimError `apply_failed` naming the object.
 */
export async function applyManifests(
  client: ApiClient,
  objects: readonly JsonObject[],
  fieldManager: string,
): Promise<void> {
  const rank = (object: JsonObject) => {
    const place = first.indexOf(String(object.kind));
    return place < 0 ? first.length : place;
  };
  for (const object of [...objects].sort((a, b) => rank(a) - rank(b))) {
    const path = await pathFor(client, object);
    try {
      await client.call("PATCH", `${path}?fieldManager=${fieldManager}&force=true`, {
        body: object,
        contentType: "application/apply-patch+yaml",
      });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new KubeSimError(
        "apply_failed",
        `cannot apply ${object.kind} ${stringAt(object, "metadata", "name")}: ${why}`,
        { cause },
      );
    }
  }
}

async function pathFor(client: ApiClient, object: JsonObject): Promise<string> {
  const apiVersion = String(object.apiVersion);
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await client.call("GET", root);
  const found = Array.isArray(resources)
    ? resources.filter(isObject).find(({ kind, name }) => kind === object.kind && !String(name).includes("/"))
    : undefined;
  if (!found) throw new KubeSimError("apply_failed", `${apiVersion} has no kind ${object.kind}`);
  const metadata = objectAt(object, "metadata");
  const scope = found.namespaced === true ? `/namespaces/${metadata.namespace ?? "default"}` : "";
  return `${root}${scope}/${found.name}/${metadata.name}`;
}
