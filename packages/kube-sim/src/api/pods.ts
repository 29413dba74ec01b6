import type { IncomingMessage, ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { numberAt, objectAt, objectsAt, stringAt } from "./json.ts";
import { wholeNumber } from "./list-options.ts";
import { type Machinery, timestamp } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";
import { ApiError, badRequest, conflict, type FieldProblem, invalid } from "./status.ts";
import { update } from "./update.ts";
import type { WriteOptions } from "./write.ts";

/** Puts a pod on the node that a Binding names. Throws 409 when it already is on one. */
export async function bind(
  api: Machinery,
  resource: ResourceDefinition,
  o: { pod: KubeObject; binding: unknown; options: WriteOptions },
): Promise<void> {
  const node = stringAt(o.binding, "target", "name");
  if (!node) throw badRequest("target.name: Required value");
  const { name } = o.pod.metadata;
  const current = stringAt(o.pod, "spec", "nodeName");
  if (current) throw conflict(resource, name, `pod ${name} is already assigned to node "${current}"`);
  const spec = typeof o.pod.spec === "object" ? o.pod.spec : {};
  const wanted = { ...o.pod, spec: { ...spec, nodeName: node } };
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: timestamp(api.now()),
  };
  const others = objectsAt(o.pod, "status", "conditions").filter(({ type }) => type !== "PodScheduled");
  const old = { ...o.pod, status: { ...objectAt(o.pod, "status"), conditions: [...others, scheduled] } };
  await update(api, resource, { old, wanted, subresource: undefined, options: o.options });
}

/** Throws 422 when a pod would get to a node by any other way than a binding. */
export function refuseOtherNode(resource: ResourceDefinition, old: KubeObject, wanted: KubeObject): void {
  if (resource.hub !== "/pods") return;
  const [before, after] = [old, wanted].map((pod) => stringAt(pod, "spec", "nodeName") ?? "");
  if (before === after) return;
  const detail = "pod updates may not change fields other than those of a running pod";
  throw invalid(resource, old.metadata.name, [{ type: "Forbidden", field: "spec", detail }]);
}

/**
 * Passes `GET …/log` on to the kubelet of the pod's node, at the address and port that the Node object states, as
 * the API server does: whoever answers there is believed.
 */
export function proxyLog(
  api: Machinery,
  pod: KubeObject,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const { namespace, name } = pod.metadata;
  checkLogOptions(name, query);
  const node = api.store.get("/nodes", stringAt(pod, "spec", "nodeName") ?? "");
  const port = numberAt(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
  const host = objectsAt(node, "status", "addresses").find((entry) => entry.type === "InternalIP")?.address;
  const container = loggedContainer(pod, query.get("container"));
  if (port === undefined || typeof host !== "string") {
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ContainerCreating`);
  }
  const path = `/containerLogs/${namespace}/${name}/${container}?${query}`;
  return new Promise((resolve, reject) => {
    const upstream = httpsRequest({ host, port, path, rejectUnauthorized: false }, (answer) => {
      if ((answer.statusCode ?? 200) >= 400) {
        refusal(answer).then(reject, reject);
        return;
      }
      response.writeHead(answer.statusCode ?? 200, { "content-type": answer.headers["content-type"] ?? "text/plain" });
      response.flushHeaders();
      answer.pipe(response);
      answer.once("close", resolve);
    });
    response.once("close", () => upstream.destroy());
    upstream.once("error", (error) => {
      if (response.headersSent) {
        response.end();
        resolve();
      } else
        reject(new ApiError(500, "InternalError", `cannot reach the kubelet at ${host}:${port}: ${error.message}`));
    });
    upstream.end();
  });
}

/** Throws 422 for limits of a log that cannot be. */
function checkLogOptions(name: string, query: URLSearchParams): void {
  const problems: FieldProblem[] = [];
  const check = (field: string, least: number, detail: string) => {
    const value = wholeNumber(query, field);
    if (value !== undefined && value < least) problems.push({ type: "Invalid", field, value, detail });
  };
  check("tailLines", 0, "must be greater than or equal to 0");
  check("limitBytes", 1, "must be greater than 0");
  check("sinceSeconds", 1, "must be greater than 0");
  if (query.has("sinceSeconds") && query.has("sinceTime")) {
    const detail = "at most one of `sinceTime` or `sinceSeconds` may be specified";
    problems.push({ type: "Forbidden", field: "[]", detail });
  }
  if (problems.length > 0) throw invalid({ group: "", plural: "", kind: "PodLogOptions" }, name, problems);
}

/** The container that a request for logs is about. Throws 400 when the pod has no such one, or several and none is named. */
function loggedContainer(pod: KubeObject, asked: string | null): string {
  const namesIn = (list: string) => objectsAt(pod, "spec", list).map((container) => String(container.name));
  const { name } = pod.metadata;
  const [main, init] = [namesIn("containers"), namesIn("initContainers")];
  if (asked) {
    if ([...main, ...init].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = main;
  if (main.length === 1 && only !== undefined) return only;
  const choice = `choose one of: [${main.join(" ")}]`;
  const others = init.length > 0 ? ` or one of the init containers: [${init.join(" ")}]` : "";
  throw badRequest(`a container name must be specified for pod ${name}, ${choice}${others}`);
}

/** What a kubelet says when it refuses. */
async function refusal(answer: IncomingMessage): Promise<ApiError> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  return badRequest(text);
}
