import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { serveCustomKinds } from "./api/custom-kinds.ts";
import { expireEvents } from "./api/event-expiry.ts";
import { builtInResources } from "./api/kinds/built-in.ts";
import type { Machinery } from "./api/machinery.ts";
import { ServicePlaces } from "./api/kinds/service-places.ts";
import { Registry } from "./api/registry.ts";
import type { ReviewPolicy } from "./api/reviews.ts";
import { ApiServer } from "./api/server.ts";
import { expired } from "./api/status.ts";
import { Store } from "./api/store.ts";
import { aggregateRoles } from "./auth/aggregation.ts";
import type { SimUser } from "./auth/authenticator.ts";
import { bootstrapRoles } from "./auth/bootstrap-roles.ts";
import { type CertificateAuthority, createCertificateAuthority } from "./auth/certificates.ts";
import { Gate } from "./auth/gate.ts";
import { localUser, mastersGroup } from "./auth/user.ts";
import { ApiClient } from "./client/api-client.ts";
import { applyManifests } from "./client/apply-manifests.ts";
import type { AddedFault, Fault, RequestMatch } from "./faults/faults.ts";
import type { RequestRecord } from "./faults/request-log.ts";
import { gatewayApiDefinitions } from "./gateway-api/definitions.ts";
import { kubeconfigFor, type KubeconfigUser } from "./kubeconfig.ts";
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
  /**
   * True: requests need credentials, and roles and their bindings decide, as in a real cluster. Default: everybody may do
   * everything, and who has no credentials is the administrator.
   */
  rbac?: boolean;
  /** Who may come in besides the administrator. Each user gets a context of that name in the kubeconfig. */
  users?: readonly SimUser[];
  /** HTTPS with a certificate of a new authority. Default: as `rbac`, because kubectl sends tokens over HTTPS only. */
  tls?: boolean;
  /** How access and token reviews are answered instead of by users and roles. */
  reviews?: ReviewPolicy;
  /** Events kept per kind for watches that start in the past; default 4096. */
  historyLimit?: number;
  /** How often open watches that asked for them get a bookmark, in milliseconds; default 60 s. */
  bookmarkMs?: number;
}

/** A running simulator. */
export interface KubeSim {
  /** `http://127.0.0.1:PORT`, or `https://…` */
  readonly url: string;
  /** The administrator's bearer token. */
  readonly token: string;
  /** The authority of the API's certificate, as PEM; undefined without TLS. */
  readonly ca: string | undefined;
  /** Forward proxy (HTTP and CONNECT) that reaches Services by name, `name[.ns[.svc[.domain]]]:port`, and nothing else. */
  readonly proxyUrl: string;
  /** The gateway's own metrics, for Prometheus: requests by route, backend and status, and how long they took. */
  readonly gatewayMetricsUrl: string | undefined;
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
    /**
     * Breaks all connections off and refuses new ones until the promise has settled; then the API is back at the same
     * address with all its objects. Resolves when it is.
     */
    restartApi(meanwhile?: Promise<unknown>): Promise<void>;
  };
  readonly requests: {
    /** Newest requests of clients, oldest first. */
    readonly log: readonly RequestRecord[];
    clear(): void;
  };
  /** Ends everything that was started, processes included. */
  stop(): Promise<void>;
}

function contextOf(
  { username, token, groups }: SimUser,
  certificates: CertificateAuthority | undefined,
): KubeconfigUser {
  if (token !== undefined || !certificates) return { name: username, ...(token !== undefined && { token }) };
  const certificate = certificates.issue({ commonName: username, ...(groups && { organizations: groups }) });
  return { name: username, certificate };
}

/** What the API is called from this machine and, through the proxy, by pods. */
const hosts = ["127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];

/** Starts a Kubernetes API on this machine. Ready when it returns. */
export async function startKubeSim(options: KubeSimOptions = {}): Promise<KubeSim> {
  const log = options.log ?? silentLog;
  const store = new Store(options.historyLimit ?? 4096);
  const { rbac = false, tls = rbac, users = [] } = options;
  const token = randomBytes(24).toString("base64url");
  const administrator = { ...localUser, groups: [mastersGroup], token };
  const certificates = tls ? createCertificateAuthority() : undefined;
  const ca = certificates?.cert;
  const api: Machinery = {
    store,
    registry: new Registry(),
    places: new ServicePlaces(store),
    gate: new Gate(store, { rbac, users: [administrator, ...users] }),
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
    ...(certificates && ca && { tls: { ca, ...certificates.issue({ commonName: "kube-apiserver", hosts }) } }),
  });
  const url = await server.listen(options.port ?? 0);
  const reach = { token, ...(ca && { ca }) };
  const client = new ApiClient({ server: url, userAgent: "kube-sim/setup", ...reach });
  const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
  const initial = namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
  const gatewayApi = options.gatewayApi === false ? [] : gatewayApiDefinitions();
  const stopAggregation = aggregateRoles(store);
  if (rbac) await applyManifests(client, readManifests(bootstrapRoles()), "kube-sim");
  await applyManifests(client, [...initial, ...readManifests([...gatewayApi, ...(options.crds ?? [])])], "kube-sim");
  const gateway = options.gatewayApi === false ? false : options.gateway;
  const cluster = await startLocalCluster(url, {
    ...{ ...options, ...reach, log },
    ...(gateway !== undefined && { gateway }),
  });
  const administratorContext = { name: "kube-sim", ...(rbac && { token }) };
  const contexts = [administratorContext, ...users.map((user) => contextOf(user, certificates))];
  const kubeconfig = () => kubeconfigFor({ server: url, ...(ca && { ca }), users: contexts });
  return {
    ...{ url, token, ca },
    proxyUrl: cluster.proxyUrl,
    gatewayMetricsUrl: cluster.gatewayMetricsUrl,
    gatewayAddress: (namespace, name) => cluster.gatewayAddress(namespace, name),
    kubeconfig,
    writeKubeconfig: (path) => writeFile(path, kubeconfig(), { mode: 0o600 }),
    apply: (...manifests) => applyManifests(client, readManifests(manifests), "kube-sim"),
    faults: {
      add: (fault) => server.faults.add(fault),
      clear: () => server.faults.clear(),
      restartApi: (meanwhile = Promise.resolve()) => server.restart(meanwhile),
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
      stopAggregation();
      client.close();
      await server.close();
    },
  };
}
