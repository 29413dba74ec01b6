import { writeFile } from "node:fs/promises";
import { serveCustomKinds } from "./api/custom-kinds.ts";
import { expireEvents } from "./api/event-expiry.ts";
import { builtInResources } from "./api/kinds/built-in.ts";
import type { Machinery } from "./api/machinery.ts";
import { Registry } from "./api/registry.ts";
import type { ReviewPolicy } from "./api/reviews.ts";
import { ApiServer } from "./api/server.ts";
import { expired } from "./api/status.ts";
import { Store } from "./api/store.ts";
import { Gate } from "./auth/gate.ts";
import { ApiClient } from "./client/api-client.ts";
import { applyManifests } from "./client/apply-manifests.ts";
import type { AddedFault, Fault, RequestMatch } from "./faults/faults.ts";
import type { RequestRecord } from "./faults/request-log.ts";
import { gatewayApiDefinitions } from "./gateway-api/definitions.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { type LocalClusterOptions, startLocalCluster } from "./local-cluster.ts";
import { type SimLog, silentLog } from "./log.ts";
import { type Manifest, readManifests } from "./manifests.ts";

/** How a simulator is started. Everything has a default: an API with controllers, kubelet, gateway and proxy. */
export interface KubeSimOptions extends LocalClusterOptions {
  /** Port of the API; default: a free one. */
  port?: number;
  log?: SimLog;
  /** Custom resource definitions to load before the API is ready: objects, YAML texts, files or folders. */
  crds?: readonly Manifest[];
  /** False: the Gateway API's definitions are not there, nor is the simulated gateway. */
  gatewayApi?: boolean;
  /** How access and token reviews are answered; default: everything is allowed. */
  reviews?: ReviewPolicy;
  /** Events kept per kind for watches that start in the past; default 4096. */
  historyLimit?: number;
  /** How often open watches that asked for them get a bookmark, in milliseconds; default 60 s. */
  bookmarkMs?: number;
}

/** A running simulator. */
export interface KubeSim {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Forward proxy (HTTP and CONNECT) that reaches Services by name, `name[.ns[.svc[.domain]]]:port`, and nothing else. */
  readonly proxyUrl: string;
  /** Where a Gateway's first listener really listens; undefined before it does. */
  gatewayAddress(namespace: string, name: string): { host: string; port: number } | undefined;
  /** A kubeconfig for this API, as YAML text. */
  kubeconfig(): string;
  writeKubeconfig(path: string): Promise<void>;
  /** Applies manifests server-side with force, in order. Rejects with KubeSimError naming the object at fault. */
  apply(...manifests: Manifest[]): Promise<void>;
  readonly faults: {
    add(fault: Fault): AddedFault;
    clear(): void;
    /** Drops the connections of open watches; returns how many. */
    closeWatches(match?: RequestMatch): number;
    /** Makes every resourceVersion up to now too old to watch from; open watches get a 410 and end. */
    expireResourceVersions(): void;
  };
  readonly requests: {
    /** Newest requests of clients, oldest first. */
    readonly log: readonly RequestRecord[];
    clear(): void;
  };
  /** Ends everything that was started, processes included. */
  stop(): Promise<void>;
}

/** Starts a Kubernetes API on this machine. Ready when it returns. */
export async function startKubeSim(options: KubeSimOptions = {}): Promise<KubeSim> {
  const log = options.log ?? silentLog;
  const store = new Store(options.historyLimit ?? 4096);
  const api: Machinery = {
    store,
    registry: new Registry(),
    gate: new Gate(store, { rbac: false, users: [] }),
    log,
    now: Date.now,
  };
  for (const resource of builtInResources()) api.registry.add(resource);
  serveCustomKinds(api);
  const stopExpiry = expireEvents(api);
  const server = new ApiServer(api, {
    bookmarkMs: options.bookmarkMs ?? 60_000,
    requestLogLimit: 10_000,
    reviews: options.reviews ?? {},
  });
  const url = await server.listen(options.port ?? 0);
  const client = new ApiClient({ server: url, userAgent: "kube-sim/setup" });
  const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
  const initial = namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
  const gatewayApi = options.gatewayApi === false ? [] : gatewayApiDefinitions();
  await applyManifests(client, [...initial, ...readManifests([...gatewayApi, ...(options.crds ?? [])])], "kube-sim");
  const gateway = options.gatewayApi === false ? false : options.gateway;
  const cluster = await startLocalCluster(url, { ...options, ...(gateway !== undefined && { gateway }), log });
  return {
    url,
    proxyUrl: cluster.proxyUrl,
    gatewayAddress: (namespace, name) => cluster.gatewayAddress(namespace, name),
    kubeconfig: () => kubeconfigFor(url),
    writeKubeconfig: (path) => writeFile(path, kubeconfigFor(url), { mode: 0o600 }),
    apply: (...manifests) => applyManifests(client, readManifests(manifests), "kube-sim"),
    faults: {
      add: (fault) => server.faults.add(fault),
      clear: () => server.faults.clear(),
      closeWatches: (match) => server.closeWatches(match),
      expireResourceVersions: () => {
        api.store.expireHistory();
        server.watches.close(() => true, expired("too old resource version: the history was expired by a fault"));
      },
    },
    requests: server.requests,
    stop: async () => {
      await cluster.stop();
      stopExpiry();
      client.close();
      await server.close();
    },
  };
}
