import { createServiceBus } from "@burgee/event-bus";
import { createEventRecorder, createInformer, createKubeClientFromConfig } from "@burgee/kube";
import { followState, start } from "@burgee/service-kit";
import { alertProviders } from "./alert-providers/alert-provider-resource.ts";
import { reportProblems } from "./alert-providers/report-problems.ts";
import { configSchema } from "./config.ts";
import { consumeAlerts } from "./consume-alerts.ts";
import { createDispatch } from "./dispatch.ts";
import { globalRecipients } from "./global-notifier.ts";
import { createDeliveryHistory } from "./history/delivery-history.ts";
import { createDispatcherMetrics } from "./metrics.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createRecipients } from "./recipients.ts";
import { send } from "./send.ts";

/** Providers are looked at again this often: their Secrets are not watched. */
const providerResyncMs = 60_000;

await start({ name: "alert-dispatcher", schema: configSchema }, async (config, kit) => {
  const { log, clock, dialer } = kit;
  const { noCrossNamespaceRefs, maxDeliveries, concurrency } = config;
  const global = globalRecipients(config);
  const client = createKubeClientFromConfig(config, { log, userAgent: "burgee-alert-dispatcher" });
  const bus = createServiceBus(config, kit);
  const informer = createInformer(client, alertProviders, {
    namespace: config.namespace || undefined,
    log,
    resyncMs: providerResyncMs,
  });
  const recorder = createEventRecorder(client, { component: "alert-dispatcher", log });
  const history = createDeliveryHistory(bus, log);
  const sending = { dialer, rateLimit: createRateLimit(clock), timeoutMs: config.postTimeout, now: clock.now };
  const dispatch = createDispatch({
    recipients: createRecipients({ client, informer, global, noCrossNamespaceRefs }),
    send: (alert, key, open, signal) => send(alert, key, open, { ...sending, signal }),
    history,
    recorder,
    metrics: createDispatcherMetrics(kit.metrics),
    log,
    clock,
    maxDeliveries,
  });
  followState(kit.readiness.add("kubernetes"), informer);
  return [
    { name: "kube client", stop: () => client.close() },
    { name: "bus", stop: () => bus.close() },
    recorder,
    informer,
    reportProblems({ client, informer, recorder, log, clock }),
    consumeAlerts({
      bus,
      history,
      dispatch,
      concurrency,
      maxDeliveries,
      retryDelayMs: config.retryDelay,
      reclaimIdleMs: config.takeOverAfter,
    }),
  ];
});
