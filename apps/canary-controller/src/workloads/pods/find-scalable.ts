// Which resource a kind is, asked of the API's discovery, and where its definition keeps the number of replicas.
import { isKubeError, type KubeClient, KubeError, type Resource, resource, resources } from "@burgee/kube";
import { isRecord } from "../record.ts";
import type { PodWorkload } from "./pod-kind.ts";
import type { ReplicasPath } from "./replicas.ts";

interface Scalable {
  resource: Resource<PodWorkload>;
  replicasPath: ReplicasPath;
}

const known = new Map<string, Scalable>();

/**
 * The namespaced resource of a kind that can be scaled. Resolves with a sentence when there is none; what was found is remembered per
 * API server. Rejects with KubeError when the API fails.
 */
export async function findScalable(
  client: KubeClient,
  { apiVersion, kind }: { apiVersion: string; kind: string },
): Promise<Scalable | string> {
  const id = `${client.server} ${apiVersion} ${kind}`;
  const remembered = known.get(id);
  if (remembered !== undefined) return remembered;
  const { status, body } = await client.raw("GET", `/apis/${apiVersion}`);
  if (status >= 500) throw new KubeError("server_error", `discovery of ${apiVersion} answers ${status}`);
  const served = isRecord(body) && Array.isArray(body.resources) ? body.resources.filter(isRecord) : [];
  const names = served.flatMap(({ name, kind: of, namespaced }) =>
    of === kind && namespaced === true && typeof name === "string" && !name.includes("/") ? [name] : [],
  );
  const [plural] = names;
  if (plural === undefined) return `the API serves no kind ${kind} of ${apiVersion}`;
  if (!served.some(({ name }) => name === `${plural}/scale`))
    return `${kind} of ${apiVersion} has no scale subresource`;
  const [group = "", version = ""] = apiVersion.split("/");
  const at = resource<PodWorkload>(group, version, plural, kind);
  const found = { resource: at, replicasPath: await replicasPath(client, at) };
  known.set(id, found);
  return found;
}

/** As the definition says. What is not defined by one, and what may not be read, has spec.replicas as nearly everybody has. */
async function replicasPath(client: KubeClient, { plural, group, version }: Resource): Promise<ReplicasPath> {
  try {
    const definition = await client.tryGet(resources.customResourceDefinitions, { name: `${plural}.${group}` });
    const served = definition?.spec.versions.find(({ name }) => name === version);
    const path = served?.subresources?.scale?.specReplicasPath;
    const [, spec, first, ...rest] = typeof path === "string" ? path.split(".") : [];
    return spec === "spec" && first !== undefined ? [first, ...rest] : ["replicas"];
  } catch (error) {
    if (isKubeError(error, "forbidden")) return ["replicas"];
    throw error;
  }
}
