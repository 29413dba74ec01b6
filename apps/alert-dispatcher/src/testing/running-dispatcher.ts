import { createRedisBus } from "@burgee/event-bus";
import { createEventRecorder, createInformer, createKubeClient } from "@burgee/kube";
import { createDialer, createMetrics, type Logger, systemClock } from "@burgee/service-kit";
import { alertProviders } from "../alert-providers/alert-provider-resource.ts";
import { reportProblems } from "../alert-providers/report-problems.ts";
import { consumeAlerts } from "../consume-alerts.ts";
import { createDispatch } from "../dispatch.ts";
import { createDeliveryHistory } from "../history/delivery-history.ts";
import { createDispatcherMetrics } from "../metrics.ts";
import { createRateLimit } from "../rate-limit.ts";
import { createRecipients } from "../recipients.ts";
import { send } from "../send.ts";

/** Where a dispatcher works. */
export interface DispatcherOptions {
  /** URL of the Kubernetes API. */
  readonly server: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly log: Logger;
  /** Default 4. */
  readonly maxDeliveries?: number;
  readonly noCrossNamespaceRefs?: boolean;
}

/** Starts a whole dispatcher but for its process, with short waits. Returns how to stop it. */
export async function startDispatcher(o: DispatcherOptions): Promise<() => Promise<void>> {
  const { log, maxDeliveries = 4, noCrossNamespaceRefs = false } = o;
  const bus = createRedisBus({ url: o.redisUrl, prefix: o.prefix, log });
  const client = createKubeClient({ server: o.server, log });
  const informer = createInformer(client, alertProviders, { log });
  const recorder = createEventRecorder(client, { component: "alert-dispatcher", log });
  const history = createDeliveryHistory(bus, log);
  const dialer = createDialer();
  const sending = { dialer, rateLimit: createRateLimit(systemClock), timeoutMs: 2_000, now: Date.now };
  const dispatch = createDispatch({
    recipients: createRecipients({ client, informer, global: [], noCrossNamespaceRefs }),
    send: (alert, key, open, signal) => send(alert, key, open, { ...sending, signal }),
    history,
    recorder,
    metrics: createDispatcherMetrics(createMetrics()),
    log,
    clock: systemClock,
    maxDeliveries,
  });
  const checks = reportProblems({ client, informer, recorder, log, clock: systemClock });
  const pace = { concurrency: 4, maxDeliveries, retryDelayMs: 20, reclaimIdleMs: 15_000 };
  const alerts = consumeAlerts({ bus, history, dispatch, ...pace });
  const { signal } = new AbortController();
  await checks.start?.(signal);
  informer.start(signal);
  await alerts.start?.(signal);
  return async () => {
    await alerts.stop?.();
    await informer.stop();
    await checks.stop?.();
    await recorder.stop();
    await bus.close();
    await dialer.close();
    await client.close();
  };
}
