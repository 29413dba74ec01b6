import type { AddressInfo } from "node:net";
import { type JsonObject, objectsAt, stringAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { paths } from "../client/paths.ts";
import type { Cluster, Part } from "../controllers/cluster.ts";
import { WorkQueue } from "../controllers/work-queue.ts";
import { annotations } from "../kubelet/annotations.ts";
import { GatewayMetrics, serveMetrics } from "./gateway-metrics.ts";
import { createGatewayServer } from "./gateway-server.ts";
import { gatewayStatus, routeStatus } from "./gateway-status.ts";
import { httpRouteFrom } from "./parse-route.ts";
import { createRouteTable } from "./route-table.ts";
import { ServiceLookup } from "./service-lookup.ts";

/** How Gateways are simulated. */
export interface GatewayOptions {
  /** The controller name in statuses; default `sim.burgee.dev/gateway`. */
  controllerName?: string;
}

/** The simulated data plane of the Gateway API. */
export interface Gateways extends Part {
  /** Where a Gateway's first listener really listens; undefined before it does. */
  address(namespace: string, name: string): { host: string; port: number } | undefined;
  /** Where the gateway's own metrics are. */
  readonly metrics: { readonly url: string; readonly host: string };
}

interface Listener {
  port: number;
  close(): Promise<void>;
}

type Table = ReturnType<typeof createRouteTable>;

/** Opens a real port for each Gateway listener and serves the HTTPRoutes attached to it. */
export async function startGateways(cluster: Cluster, options: GatewayOptions): Promise<Gateways> {
  const controllerName = options.controllerName ?? "sim.burgee.dev/gateway";
  const metrics = new GatewayMetrics();
  const metricsServer = await serveMetrics(metrics);
  const lookup = new ServiceLookup(cluster);
  const gateways = cluster.informer(paths.gateways);
  const routes = cluster.informer(paths.httpRoutes);
  const listeners = new Map<string, Map<string, Listener>>();
  const tables = new Map<string, Table>();
  const gatewayQueue = new WorkQueue("gateway", (key) => reconcileGateway(key), cluster.log);
  const routeQueue = new WorkQueue("httproute", (key) => reconcileRoute(key), cluster.log);
  gateways.on(({ object }) => {
    tables.clear();
    gatewayQueue.add(keyOf(object));
    for (const route of routes.list()) routeQueue.add(keyOf(route));
  });
  routes.on(({ object, old }) => {
    // A write of status alone changes no route.
    if (old && old.metadata.generation === object.metadata.generation) return;
    tables.clear();
    routeQueue.add(keyOf(object));
    for (const parent of [object, old].flatMap((route) => (route ? parentsOf(route) : [])))
      gatewayQueue.add(parent.key);
  });

  // Whether a route's backends exist is part of its status.
  cluster.informer(paths.services).on(({ type, object }) => {
    if (type === "updated") return;
    for (const route of routes.list()) {
      const named = objectsAt(route, "spec", "rules").flatMap((rule) => objectsAt(rule, "backendRefs"));
      if (named.some((backend) => backend.name === object.metadata.name)) routeQueue.add(keyOf(route));
    }
  });

  /** Routes attached to a listener. Made anew when a Gateway or route changed. */
  function tableFor(gatewayKey: string, listener: string): Table {
    const id = `${gatewayKey}/${listener}`;
    const known = tables.get(id);
    if (known) return known;
    const attached = routes.list().filter((route) => isAttached(route, gateways.get(gatewayKey), listener));
    const made = createRouteTable(attached.map(httpRouteFrom));
    tables.set(id, made);
    return made;
  }

  async function reconcileGateway(key: string): Promise<undefined> {
    const gateway = gateways.get(key);
    const open = listeners.get(key) ?? new Map<string, Listener>();
    const wanted = gateway && !gateway.metadata.deletionTimestamp ? objectsAt(gateway, "spec", "listeners") : [];
    const names = new Set(wanted.map((listener) => String(listener.name)));
    for (const [name, listener] of open) {
      if (names.has(name)) continue;
      open.delete(name);
      await listener.close();
    }
    for (const name of names) if (!open.has(name)) open.set(name, await listen(key, name));
    if (open.size > 0) listeners.set(key, open);
    else listeners.delete(key);
    if (gateway && !gateway.metadata.deletionTimestamp) await report(gateway, open);
    return undefined;
  }

  async function listen(key: string, name: string): Promise<Listener> {
    const { server, close } = createGatewayServer(
      {
        route: (head) => tableFor(key, name).find(head),
        endpoints: (service, port) => lookup.endpoints(service, port),
      },
      {
        handled: (request) => metrics.observe(key, request),
        mirrored: (copy) => metrics.mirror(key, copy),
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address: AddressInfo | string | null = server.address();
        resolve(address !== null && typeof address === "object" ? address.port : 0);
      });
    });
    return { port, close };
  }

  async function report(gateway: KubeObject, open: ReadonlyMap<string, Listener>): Promise<void> {
    const ports = JSON.stringify(Object.fromEntries([...open].map(([name, { port }]) => [name, port])));
    let latest = gateway;
    if (gateway.metadata.annotations?.[annotations.listenerPorts] !== ports) {
      const patch = { metadata: { annotations: { [annotations.listenerPorts]: ports } } };
      latest = await cluster.merge(paths.gateways, gateway, patch);
    }
    const attached = (listener: string) => routes.list().filter((route) => isAttached(route, gateway, listener)).length;
    await cluster.replaceStatus(paths.gateways, latest, gatewayStatus(latest, { attached, now: Date.now() }));
  }

  async function reconcileRoute(key: string): Promise<undefined> {
    const route = routes.get(key);
    if (!route || route.metadata.deletionTimestamp) return undefined;
    await gateways.synced;
    const known = parentsOf(route).filter((parent) => gateways.get(parent.key));
    const missing = missingServices(route);
    const status = routeStatus(route, {
      parents: known.map(({ ref }) => ref),
      missing,
      controllerName,
      now: Date.now(),
    });
    if (status) await cluster.replaceStatus(paths.httpRoutes, route, status);
    return undefined;
  }

  function missingServices(route: KubeObject): string[] {
    const namespace = route.metadata.namespace ?? "default";
    const backends = objectsAt(route, "spec", "rules").flatMap((rule) => objectsAt(rule, "backendRefs"));
    return backends
      .filter((backend) => !lookup.service(stringAt(backend, "namespace") ?? namespace, String(backend.name)))
      .map((backend) => String(backend.name));
  }

  return {
    metrics: metricsServer,
    address: (namespace, name) => {
      const [first] = listeners.get(`${namespace}/${name}`)?.values() ?? [];
      return first && { host: "127.0.0.1", port: first.port };
    },
    stop: async () => {
      await Promise.all([gatewayQueue.stop(), routeQueue.stop()]);
      const open = [...listeners.values()].flatMap((entry) => [...entry.values()]);
      await Promise.all([...open.map((listener) => listener.close()), metricsServer.stop()]);
    },
  };
}

interface Parent {
  key: string;
  section: string | undefined;
  ref: JsonObject;
}

/** The Gateways a route wants to be attached to. */
function parentsOf(route: KubeObject): Parent[] {
  return objectsAt(route, "spec", "parentRefs")
    .filter((ref) => (stringAt(ref, "kind") ?? "Gateway") === "Gateway")
    .map((ref) => ({
      key: `${stringAt(ref, "namespace") ?? route.metadata.namespace}/${ref.name}`,
      section: stringAt(ref, "sectionName"),
      ref,
    }));
}

function isAttached(route: KubeObject, gateway: KubeObject | undefined, listener: string): boolean {
  if (!gateway || route.metadata.deletionTimestamp) return false;
  const named = parentsOf(route).some(
    ({ key, section }) => key === keyOf(gateway) && (section === undefined || section === listener),
  );
  const spec = objectsAt(gateway, "spec", "listeners").find((entry) => entry.name === listener);
  const from = stringAt(spec, "allowedRoutes", "namespaces", "from") ?? "Same";
  return named && (from !== "Same" || route.metadata.namespace === gateway.metadata.namespace);
}
