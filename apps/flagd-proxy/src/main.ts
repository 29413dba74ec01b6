import { hostname } from "node:os";
import { createKubeClientFromConfig } from "@burgee/kube";
import { start } from "@burgee/service-kit";
import { apiProbe } from "./api-probe.ts";
import { configSchema } from "./config.ts";
import { flagEvents } from "./flag-events/flag-events.ts";
import { createProxyMetrics } from "./metrics.ts";
import { syncServer } from "./sync-server.ts";
import { createTopics } from "./topics.ts";
import { createUpstreams } from "./upstream.ts";

await start({ name: "flagd-proxy", schema: configSchema, notReadyStatus: 412 }, async (config, kit) => {
  const { log, dialer } = kit;
  if (config.debug) log.level = "debug";
  const client = createKubeClientFromConfig(config, { log, userAgent: "burgee-flagd-proxy" });
  const metrics = createProxyMetrics(kit.metrics);
  const topics = createTopics({
    open: createUpstreams({ client, dialer, log }),
    lingerMs: config.watchLinger,
    maxSubscriptions: config.maxSubscriptions,
    allowFiles: config.allowFileSelectors,
    log,
    metrics,
  });
  return [
    { name: "kube client", stop: () => client.close() },
    apiProbe({ client, check: kit.readiness.add("kubernetes"), log }),
    ...(config.redisUrl === undefined
      ? []
      : flagEvents({
          kit,
          client,
          metrics,
          identity: `${hostname()}-${process.pid}`,
          config: { ...config, redisUrl: config.redisUrl },
        })),
    syncServer({ port: config.port, topics, metrics }),
  ];
});
