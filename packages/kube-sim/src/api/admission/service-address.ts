import { thisMachine } from "../../client/loopback.ts";
import { at, numberAt, objectsAt, stringAt, stringsAt } from "../json.ts";
import type { Machinery } from "../machinery.ts";

/** Where a port of a Service is really served: a ready endpoint. Throws an error in the API server's words when there is none. */
export function serviceAddress(
  api: Machinery,
  service: { namespace: string; name: string; port: number },
): { host: string; port: number } {
  const { namespace, name } = service;
  const object = api.store.get("/services", `${namespace}/${name}`);
  if (!object) throw new Error(`service "${name}" not found`);
  const wanted = objectsAt(object, "spec", "ports").find((port) => port.port === service.port);
  if (!wanted) throw new Error(`no service port ${service.port} found for service "${name}"`);
  const portName = stringAt(wanted, "name") ?? "";
  for (const slice of api.store.list("discovery.k8s.io/endpointslices", namespace)) {
    if (slice.metadata.labels?.["kubernetes.io/service-name"] !== name) continue;
    const served = objectsAt(slice, "ports").find((port) => (stringAt(port, "name") ?? "") === portName);
    const port = numberAt(served, "port");
    const ready = objectsAt(slice, "endpoints").find((endpoint) => at(endpoint, "conditions", "ready") !== false);
    const [host] = stringsAt(ready, "addresses");
    if (host !== undefined && port !== undefined) return { host: host === thisMachine ? "127.0.0.1" : host, port };
  }
  throw new Error(`no endpoints available for service "${name}"`);
}
