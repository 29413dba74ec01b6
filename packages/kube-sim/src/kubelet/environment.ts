import { at, isObject, type JsonObject, objectsAt, stringAt, stringMapAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { type ApiClient, ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";

/** A container whose environment cannot be put together yet: something it refers to is missing. */
export class ConfigMissing extends Error {}

type Source = "configMaps" | "secrets";

/** The environment that a container's spec asks for: envFrom, then env, with `$(NAME)` expanded. */
export async function environmentOf(
  client: ApiClient,
  pod: KubeObject,
  container: JsonObject,
): Promise<Record<string, string>> {
  const reader = new SourceReader(client, pod.metadata.namespace ?? "default");
  const result: Record<string, string> = {};
  for (const source of objectsAt(container, "envFrom")) {
    const prefix = stringAt(source, "prefix") ?? "";
    for (const [kind, field] of sources) {
      const reference = source[`${field}Ref`];
      if (!isObject(reference)) continue;
      const data = await reader.data(kind, reference);
      for (const [key, value] of Object.entries(data ?? {})) result[prefix + key] = value;
    }
  }
  for (const entry of objectsAt(container, "env")) {
    const name = stringAt(entry, "name");
    if (name === undefined) continue;
    const value = await variableValue(reader, pod, container, entry);
    if (value !== undefined) result[name] = expand(value, result);
  }
  return result;
}

const sources: readonly (readonly [Source, "configMap" | "secret"])[] = [
  ["configMaps", "configMap"],
  ["secrets", "secret"],
];

async function variableValue(
  reader: SourceReader,
  pod: KubeObject,
  container: JsonObject,
  entry: JsonObject,
): Promise<string | undefined> {
  const from = entry.valueFrom;
  if (!isObject(from)) return stringAt(entry, "value") ?? "";
  const fieldPath = stringAt(from, "fieldRef", "fieldPath");
  if (fieldPath !== undefined) return podField(pod, fieldPath);
  const resource = stringAt(from, "resourceFieldRef", "resource");
  if (resource !== undefined) {
    const [list = "", name = ""] = resource.split(".");
    return String(at(container, "resources", list, name) ?? "0");
  }
  for (const [kind, field] of sources) {
    const reference = from[`${field}KeyRef`];
    if (!isObject(reference)) continue;
    const data = await reader.data(kind, reference);
    const key = stringAt(reference, "key") ?? "";
    const value = data?.[key];
    if (value === undefined && reference.optional !== true) {
      throw new ConfigMissing(`couldn't find key ${key} in ${field} ${reference.name}`);
    }
    return value;
  }
  return undefined;
}

/** The value that a fieldRef names: `metadata.labels['app']` and the like; empty when there is none. */
export function podField(pod: KubeObject, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed?.[1] && keyed[2]) return stringMapAt(pod, "metadata", keyed[1])[keyed[2]] ?? "";
  return stringAt(pod, ...path.split(".")) ?? "";
}

/** `$(NAME)` becomes the value of an earlier variable; `$$(NAME)` stays as `$(NAME)`; unknown names stay. */
function expand(value: string, known: Record<string, string>): string {
  return value.replace(/\$\$|\$\(([^)]+)\)/g, (text, name: string | undefined) =>
    name === undefined ? "$" : (known[name] ?? text),
  );
}

class SourceReader {
  readonly #client: ApiClient;
  readonly #namespace: string;

  constructor(client: ApiClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /** The data of a ConfigMap or Secret; undefined when it is missing and may be. */
  async data(kind: Source, reference: JsonObject): Promise<Record<string, string> | undefined> {
    const name = String(reference.name);
    try {
      const object = await this.#client.get(paths[kind], name, this.#namespace);
      const data = stringMapAt(object, "data");
      if (kind === "configMaps") return data;
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
      );
    } catch (error) {
      if (!(error instanceof ClientError) || error.status !== 404) throw error;
      if (reference.optional === true) return undefined;
      throw new ConfigMissing(`${kind === "secrets" ? "secret" : "configmap"} "${name}" not found`);
    }
  }
}
