import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { objectsAt } from "../api/json.ts";
import { paths } from "../client/paths.ts";
import type { Cluster, Part } from "../controllers/cluster.ts";
import type { Address } from "./forward.ts";
import { createForwardProxy } from "./forward-proxy.ts";
import { parseServiceHost } from "./names.ts";
import { ServiceLookup } from "./service-lookup.ts";

/** The forward proxy of the local stack. */
export interface ServiceProxy extends Part {
  /** `http://127.0.0.1:PORT` */
  url: string;
}

/** Starts the proxy that reaches Services by their names, round robin over their ready endpoints, and nothing else. */
export async function startProxy(cluster: Cluster): Promise<ServiceProxy> {
  const lookup = new ServiceLookup(cluster);
  const turns = new Map<string, number>();

  function resolve(host: string, port: number, request: IncomingMessage): Address | { refused: string } {
    const own = namespaceOf(request);
    const named = parseServiceHost(host, own ?? "default");
    if (!named) return { refused: `"${host}" is no name of a Service; only Services are reachable through this proxy` };
    const bare = !host.includes(".");
    const namespace = bare && own === undefined ? soleNamespace(named.name) : named.namespace;
    const service = lookup.service(namespace, named.name);
    if (!service) return { refused: `no Service "${named.name}" in namespace "${namespace}"` };
    const ports = objectsAt(service, "spec", "ports").map((entry) => entry.port);
    if (!ports.includes(port)) {
      return {
        refused: `Service "${named.name}" in namespace "${namespace}" has no port ${port}, only ${ports.join(", ")}`,
      };
    }
    const addresses = lookup.endpoints({ namespace, name: named.name }, port);
    const key = `${namespace}/${named.name}:${port}`;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    return addresses[turn % addresses.length] ?? { refused: `Service ${key} has no ready endpoints` };
  }

  /** A caller that does not say where it is may use a bare name when only one namespace has it. */
  function soleNamespace(name: string): string {
    const namespaces = lookup.namespacesOf(name);
    return namespaces.length === 1 ? (namespaces[0] ?? "default") : "default";
  }

  const { server, close } = createForwardProxy(resolve);
  const port = await new Promise<number>((done, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      done(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  await Promise.all([paths.services, paths.endpointSlices].map((path) => cluster.informer(path).synced));
  return { url: `http://127.0.0.1:${port}`, stop: close };
}

/** Pods name their namespace as the user of the proxy. */
function namespaceOf(request: IncomingMessage): string | undefined {
  const match = /^Basic (.+)$/.exec(request.headers["proxy-authorization"] ?? "");
  const user = match?.[1] === undefined ? "" : Buffer.from(match[1], "base64").toString("utf8").split(":")[0];
  return user || undefined;
}
