// Which resource a kind is, asked of the API's discovery.
import { type KubeClient, KubeError, type Resource, resource } from "@burgee/kube";
import { isRecord } from "../record.ts";
import type { PodWorkload } from "./pod-kind.ts";

const known = new Map<string, Resource<PodWorkload>>();

/**
 * The namespaced resource of a kind that can be scaled. Resolves with a sentence when there is none; what was found is remembered per
 * API server. Rejects with KubeError when the API fails.
 */
export async function findScalable(
  client: KubeClient,
  { apiVersion, kind }: { apiVersion: string; kind: string },
): Promise<Resource<PodWorkload> | string> {
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
  const found = resource<PodWorkload>(group, version, plural, kind);
  known.set(id, found);
  return found;
}
