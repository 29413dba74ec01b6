/** A Service as a client names it. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Parses `name`, `name.namespace`, `name.namespace.svc` and `name.namespace.svc.cluster.local` as cluster DNS does.
 * `own` is the namespace that a bare name means. Undefined for anything else, IP addresses included.
 */
export function parseServiceHost(host: string, own: string, domain = "cluster.local"): ServiceName | undefined {
  const bare = host
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(new RegExp(`\\.svc(\\.${domain.replaceAll(".", "\\.")})?$`), "");
  const [name = "", namespace = own, ...rest] = bare.split(".");
  if (rest.length > 0 || !label.test(name) || !label.test(namespace)) return undefined;
  return { name, namespace };
}

/** Splits `host:port` of a request target; undefined unless the port is 1–65535. */
export function parseAuthority(authority: string, defaultPort?: number): { host: string; port: number } | undefined {
  const at = authority.lastIndexOf(":");
  const host = at < 0 ? authority : authority.slice(0, at);
  const port = at < 0 ? defaultPort : Number(authority.slice(at + 1));
  if (!host || port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { host, port };
}
