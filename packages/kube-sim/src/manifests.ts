import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isObject, type JsonObject } from "./api/json.ts";
import { KubeSimError } from "./error.ts";

/** A parsed object, YAML text with any number of documents, or the path of a YAML file or of a folder of them. */
export type Manifest = object | string;

/** Reads manifests into objects; Lists are taken apart. Throws KubeSimError `bad_manifest` naming the source. */
export function readManifests(manifests: readonly Manifest[]): JsonObject[] {
  return manifests.flatMap((manifest) => {
    if (typeof manifest !== "string") return flatten(manifest, "manifest");
    if (/[\n:{]\s/.test(manifest) || manifest.includes("\n")) return fromText(manifest, "manifest");
    return filesAt(manifest).flatMap((file) => fromText(readFileSync(file, "utf8"), file));
  });
}

function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function fromText(text: string, source: string): JsonObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new KubeSimError("bad_manifest", `cannot read ${source}: ${error.message}`);
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : flatten(value, source);
  });
}

function flatten(value: unknown, source: string): JsonObject[] {
  if (!isObject(value))
    throw new KubeSimError("bad_manifest", `${source} is ${typeof value}, expected an object of the API`);
  if (Array.isArray(value.items) && String(value.kind).endsWith("List")) {
    return value.items.flatMap((item) => flatten(item, source));
  }
  if (typeof value.apiVersion !== "string" || typeof value.kind !== "string") {
    throw new KubeSimError("bad_manifest", `${source} has no apiVersion and kind`);
  }
  return [value];
}
