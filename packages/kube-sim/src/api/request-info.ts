/** What a request's method and path say. */
export interface RequestInfo {
  verb: string;
  group: string;
  version: string;
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

const namespaceSubresources = new Set(["status", "finalize"]);

/** What a request is sent to. */
export interface RequestTarget {
  path: string;
  query: URLSearchParams;
  /** Undefined for paths that name no resource. */
  info: RequestInfo | undefined;
}

const known = new Map<string, RequestTarget>();
const knownLimit = 4096;

/** Reads a request line. Clients ask for the same things again and again: each is read once. Throws URIError or TypeError. */
export function requestTarget(method: string, url: string): RequestTarget {
  const line = `${method} ${url}`;
  const before = known.get(line);
  if (before) return before;
  const { pathname: path, searchParams: query } = new URL(url, "http://localhost");
  const target = { path, query, info: infoFrom(method, path, query) };
  if (known.size >= knownLimit) known.clear();
  known.set(line, target);
  return target;
}

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`. */
function infoFrom(method: string, path: string, query: URLSearchParams): RequestInfo | undefined {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const [root, ...rest] = parts;
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "apis" ? (rest.shift() ?? "") : "";
  const version = rest.shift() ?? "";
  let namespace: string | undefined;
  if (rest[0] === "namespaces" && rest.length > 2 && !namespaceSubresources.has(rest[2] ?? "")) {
    namespace = rest[1];
    rest.splice(0, 2);
  }
  const [resource, name, subresource] = rest;
  if (!resource) return undefined;
  const verb = verbOf(method, name, query);
  return { verb, group, version, resource, namespace, name, subresource };
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  switch (method) {
    case "GET":
    case "HEAD":
      if (name !== undefined) return "get";
      return isTrue(query.get("watch")) ? "watch" : "list";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      return method.toLowerCase();
  }
}

/** Query flags are true when they are given, unless as `false` or `0`. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}
