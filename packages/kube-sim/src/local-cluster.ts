import { ApiClient } from "./client/api-client.ts";
import { applyManifests } from "./client/apply-manifests.ts";
import { Cluster, type Part } from "./controllers/cluster.ts";
import { startDaemonSets } from "./controllers/daemon-sets.ts";
import { startDeployments } from "./controllers/deployments.ts";
import { startDisruptionBudgets } from "./controllers/disruption-budgets.ts";
import { startEndpointSlices } from "./controllers/endpoint-slices.ts";
import { startGarbageCollector } from "./controllers/garbage-collector.ts";
import { startNamespaces } from "./controllers/namespaces.ts";
import { startReplicaSets } from "./controllers/replica-sets.ts";
import { startStatefulSets } from "./controllers/stateful-sets.ts";
import { startVolumeClaims } from "./controllers/volume-claims.ts";
import { ownUserAgent } from "./faults/faults.ts";
import { type GatewayOptions, type Gateways, startGateways } from "./gateway/gateways.ts";
import { startProxy } from "./gateway/service-proxy.ts";
import { startKubelet } from "./kubelet/kubelet.ts";
import { type KubeletOptions, kubeletSettings } from "./kubelet/options.ts";
import type { SimLog } from "./log.ts";
import { type Manifest, readManifests } from "./manifests.ts";
import { startPrometheusTargets } from "./prometheus-targets.ts";

/** Which parts of a cluster run beside the API. */
export interface LocalClusterOptions {
  /** False: nothing turns Deployments into pods, fills EndpointSlices, empties namespaces or collects garbage. */
  controllers?: boolean;
  /** False: pods stay pending. */
  kubelet?: KubeletOptions | false;
  /** False: Gateways and HTTPRoutes are only objects. */
  gateway?: GatewayOptions | false;
  /** A file that lists the pods to scrape, for Prometheus' file_sd_configs. */
  prometheusTargetsFile?: string;
}

/** Where the API is and how much of it the parts may deal with. */
export interface ClusterReach {
  log: SimLog;
  /** Bearer token for the API. */
  token?: string;
  /** The authority that the API's certificate comes from, as PEM. */
  ca?: string;
  /** The parts follow and change only what is in these namespaces; default: everything. */
  namespaces?: readonly string[];
}

/** The parts that are running. They know the API by its URL only, so it may be any Kubernetes API. */
export interface LocalCluster {
  proxyUrl: string;
  /** The gateway's own metrics, for Prometheus; undefined without a gateway. */
  gatewayMetricsUrl: string | undefined;
  gatewayAddress(namespace: string, name: string): { host: string; port: number } | undefined;
  /** Applies manifests server-side with force, in order. Rejects with KubeSimError naming the object at fault. */
  apply(...manifests: Manifest[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts controllers, kubelet, proxy and gateway against an API. */
export async function startLocalCluster(server: string, o: LocalClusterOptions & ClusterReach): Promise<LocalCluster> {
  const parts: Part[] = [];
  const clusterFor = (name: string) => {
    const { token, ca, namespaces } = o;
    const userAgent = `${ownUserAgent}${name}`;
    const reach = { ...(token && { token }), ...(ca && { ca }), ...(namespaces && { namespaces }) };
    const client = new ApiClient({ server, userAgent, ...reach });
    return new Cluster(client, o.log);
  };
  const cluster = clusterFor("controllers");
  const proxy = await startProxy(cluster);
  parts.push(proxy);
  if (o.controllers !== false) {
    parts.push(startDeployments(cluster), startReplicaSets(cluster), startEndpointSlices(cluster));
    parts.push(startDaemonSets(cluster), startNamespaces(cluster), startGarbageCollector(cluster));
    parts.push(startStatefulSets(cluster), startVolumeClaims(cluster), startDisruptionBudgets(cluster));
  }
  if (o.kubelet !== false) parts.push(await startKubelet(cluster, kubeletSettings(o.kubelet ?? {}, proxy.url)));
  const gateways: Gateways | undefined =
    o.gateway === false ? undefined : await startGateways(cluster, o.gateway ?? {});
  if (gateways) parts.push(gateways);
  const { prometheusTargetsFile: targets } = o;
  if (targets !== undefined) parts.push(startPrometheusTargets(cluster, targets, gateways?.metrics.host));
  return {
    proxyUrl: proxy.url,
    gatewayMetricsUrl: gateways?.metrics.url,
    gatewayAddress: (namespace, name) => gateways?.address(namespace, name),
    apply: (...manifests) => applyManifests(cluster.client, readManifests(manifests), "kube-sim"),
    stop: async () => {
      for (const part of parts.reverse()) await part.stop();
      await cluster.stop();
    },
  };
}
