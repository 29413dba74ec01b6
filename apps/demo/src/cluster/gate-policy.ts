/** What the demo may change: the contents of its namespaces, the namespaces themselves, and its node. */
export interface Domain {
  readonly namespaces: ReadonlySet<string>;
  readonly node: string;
}

/** Reviews only ask questions. */
const reviews =
  /^\/apis\/(authentication|authorization)\.k8s\.io\/v1\/(token|selfsubject|subjectaccess|selfsubjectaccess|selfsubjectrules)reviews$/;
/** Ways into pods, nodes and services, which the API opens for reading verbs too. */
const tunnel = /\/(exec|attach|portforward|proxy)(\/|$)/;
const inNamespace = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/namespaces\/([^/]+)(?:\/|$)/;
const reading = new Set(["GET", "HEAD"]);

/** Why a request must not reach the API; undefined when it may. `path` has no query and is normalised. */
export function refusal(method: string, path: string, domain: Domain): string | undefined {
  if (/%2f|%5c|\/\//i.test(path)) return "the path is ambiguous";
  if (tunnel.test(path)) return "the demo opens no way into pods, nodes and services";
  if (reading.has(method) || (method === "POST" && reviews.test(path))) return undefined;
  const namespace = inNamespace.exec(path)?.[1];
  if (namespace !== undefined && domain.namespaces.has(namespace)) return undefined;
  if (isOwnNode(method, path, domain.node)) return undefined;
  return `the demo changes only what is in its namespaces (${[...domain.namespaces].join(", ") || "none yet"})`;
}

function isOwnNode(method: string, path: string, node: string): boolean {
  // A new node changes no other; only the simulated kubelet makes one.
  if (path === "/api/v1/nodes") return method === "POST";
  return path === `/api/v1/nodes/${node}` || path === `/api/v1/nodes/${node}/status`;
}
