import { ApiClient } from "./client/api-client.ts";
import { Cluster, type Part } from "./controllers/cluster.ts";
import { startDaemonSets } from "./controllers/daemon-sets.ts";
import { startDeployments } from "./controllers/deployments.ts";
import { startEndpointSlices } from "./controllers/endpoint-slices.ts";
import { startGarbageCollector } from "./controllers/garbage-collector.ts";
import { startNamespaces } from "./controllers/namespaces.ts";
import { startReplicaSets } from "./controllers/replica-sets.ts";
import { ownUserAgent } from "./faults/faults.ts";
import { type GatewayOptions, type Gateways, startGateways } from "./gateway/gateways.ts";
import { startProxy } from "./gateway/service-proxy.ts";
import { startKubelet } from "./kubelet/kubelet.ts";
import { type KubeletOptions, kubeletSettings } from "./kubelet/options.ts";
import type { SimLog } from "./log.ts";
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

/** The parts that are running. They know the API by its URL only, so it may be any Kubernetes API. */
export interface LocalCluster {
  proxyUrl: string;
  gatewayAddress(namespace: string, name: string): { host: string; port: number } | undefined;
  stop(): Promise<void>;
}

/** Starts controllers, kubelet, proxy and gateway against an API. */
export async function startLocalCluster(
  server: string,
  o: LocalClusterOptions & { log: SimLog; token?: string },
): Promise<LocalCluster> {
  const parts: Part[] = [];
  const clusterFor = (name: string) => {
    const client = new ApiClient({ server, userAgent: `${ownUserAgent}${name}`, ...(o.token && { token: o.token }) });
    return new Cluster(client, o.log);
  };
  const cluster = clusterFor("controllers");
  const proxy = await startProxy(cluster);
  parts.push(proxy);
  if (o.controllers !== false) {
    parts.push(startDeployments(cluster), startReplicaSets(cluster), startEndpointSlices(cluster));
    parts.push(startDaemonSets(cluster), startNamespaces(cluster), startGarbageCollector(cluster));
  }
  if (o.kubelet !== false) parts.push(await startKubelet(cluster, kubeletSettings(o.kubelet ?? {}, proxy.url)));
  const gateways: Gateways | undefined = o.gateway === false ? undefined : startGateways(cluster, o.gateway ?? {});
  if (gateways) parts.push(gateways);
  if (o.prometheusTargetsFile !== undefined) parts.push(startPrometheusTargets(cluster, o.prometheusTargetsFile));
  return {
    proxyUrl: proxy.url,
    gatewayAddress: (namespace, name) => gateways?.address(namespace, name),
    stop: async () => {
      for (const part of parts.reverse()) await part.stop();
      await cluster.stop();
    },
  };
}
