import { objectsAt, stringAt, stringsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import type { Cluster } from "../controllers/cluster.ts";
import { serviceKeyOf } from "../controllers/endpoint-slices.ts";
import type { Address } from "./forward.ts";

/** Finds the ready addresses behind Services, from EndpointSlices. */
export class ServiceLookup {
  readonly #services: ReturnType<Cluster["informer"]>;
  readonly #slices = new Map<string, Map<string, KubeObject>>();

  constructor(cluster: Cluster) {
    this.#services = cluster.informer(paths.services);
    cluster.informer(paths.endpointSlices).on(({ type, object }) => {
      const key = serviceKeyOf(object);
      if (key === undefined) return;
      const slices = this.#slices.get(key) ?? new Map<string, KubeObject>();
      this.#slices.set(key, slices);
      if (type === "deleted") slices.delete(object.metadata.name);
      else slices.set(object.metadata.name, object);
      if (slices.size === 0) this.#slices.delete(key);
    });
  }

  service(namespace: string, name: string): KubeObject | undefined {
    return this.#services.get(`${namespace}/${name}`);
  }

  /** Namespaces that have a Service of that name. */
  namespacesOf(name: string): string[] {
    return this.#services
      .list()
      .filter(({ metadata }) => metadata.name === name)
      .map(({ metadata }) => metadata.namespace ?? "");
  }

  /** Ready addresses of a Service's port (default: its only or first one). Terminating pods are not among them. */
  endpoints(service: { namespace: string; name: string }, port: number | undefined): Address[] {
    const object = this.service(service.namespace, service.name);
    const ports = objectsAt(object, "spec", "ports");
    const wanted = port === undefined ? ports[0] : ports.find((entry) => entry.port === port);
    if (!wanted) return [];
    const name = stringAt(wanted, "name") ?? "";
    const slices = this.#slices.get(`${service.namespace}/${service.name}`);
    return [...(slices?.values() ?? [])].flatMap((slice) => {
      const real = objectsAt(slice, "ports").find((entry) => (stringAt(entry, "name") ?? "") === name)?.port;
      if (typeof real !== "number") return [];
      const ready = objectsAt(slice, "endpoints").filter((endpoint) => isReady(endpoint));
      return ready.flatMap((endpoint) => stringsAt(endpoint, "addresses").map((host) => ({ host, port: real })));
    });
  }
}

/** A missing condition means ready, says the API. */
function isReady(endpoint: Record<string, unknown>): boolean {
  const conditions = endpoint.conditions;
  return !(
    typeof conditions === "object" &&
    conditions !== null &&
    "ready" in conditions &&
    conditions.ready === false
  );
}
