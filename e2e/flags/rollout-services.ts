// The services that carry a rollout to a flagd: what `helm install burgee` brings, as processes beside a simulated cluster.
import { createKubeClient, type KubeClient } from "@burgee/kube";
import type { KubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { freePort, startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { type ServiceProcess, startService } from "../service-process.ts";
import { waitFor } from "../wait-for.ts";

const namespace = "burgee-system";
/** The release that the examples name. */
const release = "burgee";

/** Controller, analyzer, flagd-proxy and flagd. */
export interface RolloutServices {
  readonly kube: KubeClient;
  readonly redis: TestRedis;
  /** Port of flagd's evaluation on this machine; in the cluster it is `burgee-flagd.burgee-system:8013`. */
  readonly flagdPort: number;
  /** The end of what each of them said. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts them; flagd serves what `sources` name and does not wait for it. */
export async function startRolloutServices(
  sim: KubeSim,
  o: { prometheusUrl: string; sources: readonly object[] },
): Promise<RolloutServices> {
  const redis = await startRedis();
  const api = ["--kube-server", sim.url];
  const remotes = [...api, "--redis-url", redis.url];
  const [proxyPort, flagdPort] = await Promise.all([freePort(), freePort()]);
  const proxy = new URL(sim.proxyUrl);
  proxy.username = namespace;
  const flagdArgs = ["--port", flagdPort, "--sync-port", 0, "--ofrep-port", 0].map(String);
  await sim.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...service("flagd-proxy", { real: proxyPort, port: 8015 }),
    ...service("flagd", { real: flagdPort, port: 8013 }),
  );
  const running: ServiceProcess[] = await Promise.all([
    startService("canary-controller", [...remotes, "--min-interval", "200ms"]),
    startService("metrics-analyzer", [...remotes, "--metrics-server", o.prometheusUrl]),
    startService("flagd-proxy", [...remotes, "--port", String(proxyPort)]),
    startService("flagd", [...flagdArgs, "--sources", JSON.stringify(o.sources), "--outgoing-proxy", proxy.href]),
  ]);
  const kube = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }) });
  const log = () => running.map(({ name, process }) => `${name}: ${process.output().slice(-2_000)}`).join("\n");
  for (const each of running.filter(({ name }) => !name.startsWith("flagd"))) {
    await waitFor(`${each.name} to be ready`, async () => (await each.readyz()).httpStatus === 200, { seen: log });
  }
  return {
    kube,
    redis,
    flagdPort,
    log,
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
      await kube.close();
      await redis.stop();
    },
  };
}

/** A Service of the chart, behind which there is a process of this machine. */
function service(of: string, { real, port }: { real: number; port: number }): object[] {
  const metadata = { name: `${release}-${of}`, namespace };
  return [
    { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ name: "grpc", port }] } },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": metadata.name } },
      addressType: "IPv4",
      ports: [{ name: "grpc", port: real, protocol: "TCP" }],
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
    },
  ];
}
