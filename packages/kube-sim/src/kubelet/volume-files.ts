import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt, stringMapAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { type ApiClient, ClientError } from "../client/api-client.ts";
import { paths } from "../client/paths.ts";
import type { VolumeFile } from "./atomic-folder.ts";
import { ConfigMissing, podField } from "./environment.ts";

type Files = Map<string, VolumeFile>;

const defaultMode = 0o644;

/** Whether a volume's files come from the API. */
export function isPublished(volume: JsonObject): boolean {
  return ["configMap", "secret", "downwardAPI", "projected"].some((source) => isObject(volume[source]));
}

/** The files that a volume shows. Rejects with ConfigMissing while something that it needs is not there. */
export async function filesOfVolume(client: ApiClient, pod: KubeObject, volume: JsonObject): Promise<Files> {
  if (!isObject(volume.projected)) return filesOfSource(client, pod, volume);
  const mode = numberAt(volume.projected, "defaultMode") ?? defaultMode;
  const files: Files = new Map();
  for (const source of objectsAt(volume.projected, "sources")) {
    for (const [path, file] of await filesOfSource(client, pod, source, mode)) files.set(path, file);
  }
  return files;
}

async function filesOfSource(client: ApiClient, pod: KubeObject, source: JsonObject, given?: number): Promise<Files> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (isObject(configMap)) return filesOfObject(client, pod, { kind: "configMaps", source: configMap, given });
  if (isObject(secret)) return filesOfObject(client, pod, { kind: "secrets", source: secret, given });
  if (isObject(downwardAPI)) return downwardFiles(pod, downwardAPI, given);
  if (isObject(serviceAccountToken)) return tokenFile(client, pod, serviceAccountToken);
  return new Map();
}

async function filesOfObject(
  client: ApiClient,
  pod: KubeObject,
  o: { kind: "configMaps" | "secrets"; source: JsonObject; given: number | undefined },
): Promise<Files> {
  const { kind, source } = o;
  const name = stringAt(source, "name") ?? stringAt(source, "secretName") ?? "";
  const data = await contentOf(client, { kind, namespace: pod.metadata.namespace ?? "default", name });
  if (data === undefined && source.optional === true) return new Map();
  const spoken = kind === "secrets" ? "secret" : "configmap";
  if (data === undefined) throw new ConfigMissing(`${spoken} "${name}" not found`);
  const mode = numberAt(source, "defaultMode") ?? o.given ?? defaultMode;
  const items = objectsAt(source, "items");
  if (items.length === 0) return new Map([...data].map(([key, content]) => [key, { content, mode }]));
  const files: Files = new Map();
  for (const item of items) {
    const content = data.get(String(item.key));
    if (content !== undefined) files.set(String(item.path), { content, mode: numberAt(item, "mode") ?? mode });
    else if (source.optional !== true) {
      throw new ConfigMissing(`${spoken} "${name}" references non-existent key: ${item.key}`);
    }
  }
  return files;
}

async function contentOf(
  client: ApiClient,
  o: { kind: "configMaps" | "secrets"; namespace: string; name: string },
): Promise<Map<string, Buffer> | undefined> {
  try {
    const object = await client.get(paths[o.kind], o.name, o.namespace);
    const plain: BufferEncoding = o.kind === "secrets" ? "base64" : "utf8";
    const content = new Map<string, Buffer>();
    for (const [key, value] of Object.entries(stringMapAt(object, "data"))) content.set(key, Buffer.from(value, plain));
    for (const [key, value] of Object.entries(stringMapAt(object, "binaryData")))
      content.set(key, Buffer.from(value, "base64"));
    return content;
  } catch (error) {
    if (error instanceof ClientError && error.status === 404) return undefined;
    throw error;
  }
}

function downwardFiles(pod: KubeObject, source: JsonObject, given: number | undefined): Files {
  const mode = numberAt(source, "defaultMode") ?? given ?? defaultMode;
  return new Map(
    objectsAt(source, "items").map((item) => {
      const path = stringAt(item, "fieldRef", "fieldPath") ?? "";
      const map = /^metadata\.(labels|annotations)$/.exec(path)?.[1];
      const lines = Object.entries(objectAt(pod, "metadata", map ?? "")).sort(([a], [b]) => (a < b ? -1 : 1));
      const text = map
        ? lines.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join("\n")
        : podField(pod, path);
      return [String(item.path), { content: Buffer.from(text), mode: numberAt(item, "mode") ?? mode }];
    }),
  );
}

/** A token of the pod's service account, made by the API. */
async function tokenFile(client: ApiClient, pod: KubeObject, source: JsonObject): Promise<Files> {
  const account = stringAt(pod, "spec", "serviceAccountName") ?? "default";
  const { name, uid, namespace = "default" } = pod.metadata;
  const audience = stringAt(source, "audience");
  const spec = {
    ...(audience !== undefined && { audiences: [audience] }),
    expirationSeconds: numberAt(source, "expirationSeconds") ?? 3600,
    boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
  };
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
  const made = await client.call("POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, { body });
  const content = Buffer.from(stringAt(made, "status", "token") ?? "");
  return new Map([[stringAt(source, "path") ?? "token", { content, mode: 0o600 }]]);
}
