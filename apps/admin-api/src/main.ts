import { createServiceBus } from "@burgee/event-bus";
import { createEventRecorder, createInformer, createKubeClientFromConfig } from "@burgee/kube";
import { followState, start } from "@burgee/service-kit";
import { createAudit } from "./audit.ts";
import { createAuthenticator } from "./auth/create-authenticator.ts";
import { createGuard } from "./auth/guard.ts";
import { configSchema } from "./config.ts";
import { createServer } from "./create-server.ts";
import { kinds } from "./kinds.ts";
import { createAdminMetrics } from "./metrics.ts";
import { serveApi } from "./serve-api.ts";
import { createLiveTimeline } from "./timeline/live-timeline.ts";

await start({ name: "admin-api", schema: configSchema }, async (config, kit) => {
  const { log, clock } = kit;
  const client = createKubeClientFromConfig(config, { log, userAgent: "burgee-admin-api" });
  const authenticator = createAuthenticator(config, { client, log, clock });
  const bus = createServiceBus(config, kit, { optional: true });
  const recorder = createEventRecorder(client, { component: "burgee-admin-api", log, clock });
  const selection = { namespace: config.namespace || undefined, log };
  const canaries = createInformer(client, kinds.canaries, selection);
  const featureFlags = createInformer(client, kinds.featureFlags, selection);
  const flagOverrides = createInformer(client, kinds.flagOverrides, selection);
  const live = createLiveTimeline(bus, log);
  for (const informer of [canaries, featureFlags, flagOverrides])
    followState(kit.readiness.add(informer.name), informer);
  const app = await createServer({
    ...{ client, canaries, featureFlags, flagOverrides, bus, live, log, clock },
    guard: createGuard(authenticator),
    audit: createAudit({ log, recorder }),
    metrics: createAdminMetrics(kit.metrics),
    heartbeatMs: config.heartbeat,
  });
  return [
    { name: "kube client", stop: () => client.close() },
    { name: "bus", stop: () => bus.close() },
    recorder,
    ...[canaries, featureFlags, flagOverrides],
    live,
    serveApi(app, config),
  ];
});
