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

const read = new WeakMap<URL, { method: string; info: RequestInfo | undefined }>();

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for paths that name no resource. Each URL is read once. */
export function requestInfo(method: string, url: URL): RequestInfo | undefined {
  const known = read.get(url);
  if (known?.method === method) return known.info;
  const info = infoFrom(method, url);
  read.set(url, { method, info });
  return info;
}

function infoFrom(method: string, url: URL): RequestInfo | undefined {
  const parts = url.pathname
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
  const verb = verbOf(method, name, url.searchParams);
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
