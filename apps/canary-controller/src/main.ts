import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { createRedisBus } from "@burgee/event-bus";
import { createKubeClientFromConfig } from "@burgee/kube";
import { start, version } from "@burgee/service-kit";
import { configSchema } from "./config.ts";
import { createParts } from "./parts.ts";

/** Who holds the leases; the API's audit log has it too. */
const identity = `${hostname()}_${randomUUID()}`;

await start({ name: "canary-controller", schema: configSchema }, async (config, kit) => {
  const { log } = kit;
  const bus = createRedisBus({
    url: config.redisUrl,
    prefix: config.streamPrefix,
    maxLength: config.streamMaxLength,
    log,
    metrics: kit.metrics,
  });
  const client = createKubeClientFromConfig(config, {
    log,
    userAgent: `burgee-canary-controller (${identity})`,
    qps: config.kubeconfigQps,
    burst: config.kubeconfigBurst,
  });
  return [
    { name: "kube client", stop: () => client.close() },
    { name: "bus", stop: () => bus.close() },
    ...createParts({ config, client, bus, version, identity }, kit),
  ];
});
