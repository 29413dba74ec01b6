// A proxy over a simulated API, and real clients for it.

import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { flagCrds } from "@burgee/flag-sync/testing";
import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createDialer, createMetrics, type Metrics } from "@burgee/service-kit";
import { type CapturedLog, captureLogger } from "@burgee/service-kit/testing";
import { type Client, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createProxyMetrics } from "../metrics.ts";
import { syncServer } from "../sync-server.ts";
import { createTopics, type Topics } from "../topics.ts";
import { createUpstreams } from "../upstream.ts";

export const userAgent = "burgee-flagd-proxy";

export interface ProxyLab {
  readonly sim: KubeSim;
  readonly client: KubeClient;
  readonly url: string;
  readonly log: CapturedLog;
  readonly metrics: Metrics;
  readonly topics: Topics;
  /** A metric's value. */
  value(name: string): Promise<number>;
  /** Ends the proxy as SIGTERM does. */
  stopProxy(): Promise<void>;
  stop(): Promise<void>;
}

export interface LabOptions {
  readonly lingerMs?: number;
  readonly allowFiles?: boolean;
  readonly maxSubscriptions?: number;
}

export async function startLab(o: LabOptions = {}): Promise<ProxyLab> {
  const sim = await startKubeSim({ crds: flagCrds });
  const log = captureLogger();
  const client = createKubeClient({ server: sim.url, log: log.log, userAgent });
  const dialer = createDialer();
  const metrics = createMetrics();
  const proxyMetrics = createProxyMetrics(metrics);
  const topics = createTopics({
    open: createUpstreams({ client, dialer, log: log.log }),
    lingerMs: o.lingerMs ?? 0,
    maxSubscriptions: o.maxSubscriptions ?? 10_000,
    allowFiles: o.allowFiles ?? false,
    log: log.log,
    metrics: proxyMetrics,
  });
  const server = syncServer({ port: 0, topics, metrics: proxyMetrics });
  await server.start?.(new AbortController().signal);
  let stopped = false;
  const stopProxy = async (): Promise<void> => {
    if (!stopped) await server.stop?.();
    stopped = true;
  };
  return {
    sim,
    client,
    url: `http://127.0.0.1:${server.port()}`,
    log,
    metrics,
    topics,
    async value(name) {
      const metric = await metrics.registry.getSingleMetric(name)?.get();
      return metric?.values[0]?.value ?? 0;
    },
    stopProxy,
    async stop() {
      await stopProxy();
      await client.close();
      await dialer.close();
      await sim.stop();
    },
  };
}

export type SyncClient = Client<typeof FlagSyncService>;

/** The same service over each protocol. */
export function clientsFor(url: string): Record<"gRPC" | "gRPC-Web" | "Connect", SyncClient> {
  return {
    gRPC: createClient(FlagSyncService, createGrpcTransport({ baseUrl: url })),
    "gRPC-Web": createClient(FlagSyncService, createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" })),
    Connect: createClient(FlagSyncService, createConnectTransport({ baseUrl: url, httpVersion: "1.1" })),
  };
}

/** Follows a selector and keeps what comes. */
export interface Reader {
  readonly documents: string[];
  /** The newest document's flag `banner`. */
  banner(): { defaultVariant?: string; targeting?: unknown } | undefined;
  /** "open", "ended" or the error's message. */
  state(): string;
  leave(): void;
}

export function read(client: SyncClient, selector: string, headers: Record<string, string> = {}): Reader {
  const documents: string[] = [];
  const stop = new AbortController();
  let state = "open";
  const follow = async (): Promise<void> => {
    for await (const { flagConfiguration } of client.syncFlags({ selector }, { signal: stop.signal, headers }))
      documents.push(flagConfiguration);
    state = "ended";
  };
  follow().catch((error: unknown) => {
    state = String(error);
  });
  return {
    documents,
    banner: () => (documents.length === 0 ? undefined : JSON.parse(documents.at(-1) ?? "").flags.banner),
    state: () => state,
    leave: () => stop.abort(),
  };
}

export function selectorOf(name: string): string {
  return `core.openfeature.dev/default/${name}`;
}
