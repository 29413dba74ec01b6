// What the controller is made of, from a client and a bus: the same for the process and for tests.
import type { EventBus } from "@burgee/event-bus";
import { createEventRecorder, createShardLeases, type KubeClient, workQueueMetrics } from "@burgee/kube";
import type { ConfigOf, Kit, Part } from "@burgee/service-kit";
import { createAnnouncer } from "./announce/announcer.ts";
import { createAnswers } from "./answers.ts";
import type { configSchema } from "./config.ts";
import { createCachingClient } from "./caching-client.ts";
import { createController } from "./controller.ts";
import { createFlagRolloutController } from "./flags/flag-rollout-controller.ts";
import { waitUntilAllowed } from "./may-act.ts";
import { createRolloutMetrics } from "./metrics.ts";
import type { ReconcilerDeps } from "./reconcile.ts";
import { watchBus } from "./watch-bus.ts";
import { createWatches } from "./watches.ts";
import { createEventHooks } from "./webhooks/event-hooks.ts";
import { createHookTokens } from "./webhooks/own-services.ts";

/** Settings of the controller. */
export type ControllerConfig = ConfigOf<typeof configSchema>;
/** What the parts need of the kit. */
export type ControllerKit = Pick<Kit, "log" | "metrics" | "readiness" | "dialer" | "signal" | "clock">;

/** The parts in the order in which they start. `identity` is unique per process: it holds the leases. */
export function createParts(
  o: { config: ControllerConfig; client: KubeClient; bus: EventBus; version: string; identity: string },
  kit: ControllerKit,
): readonly Part[] {
  const { config, client, bus, version, identity } = o;
  const { log, clock } = kit;
  const { meshProvider, namespace, leaderElectionNamespace } = config;
  const metrics = createRolloutMetrics(kit.metrics, { version, meshProvider });
  const tokens = createHookTokens({ token: config.hookToken, services: config.ownServices });
  const caller = { dialer: kit.dialer, tokens, signal: kit.signal };
  const eventHooks = createEventHooks({ caller, log, onDropped: metrics.eventHookDropped });
  const leases = createShardLeases(client, {
    namespace: config.podNamespace,
    name: "burgee-canary-controller",
    identity,
    shards: config.shards,
    leaseDurationMs: config.leaseDuration,
    renewMs: Math.min(2_000, config.leaseDuration / 5),
    log,
    clock,
  });
  const refusals = createEventRecorder(client, { component: "flagger", log });
  const recorder = createEventRecorder(client, {
    component: "flagger",
    log,
    writableForMs: ({ metadata }) => leases.ownedForMs(`${metadata.namespace}/${metadata.name}`),
  });
  const watches = createWatches(client, { namespace, log });
  const requeue = (key: string) => {
    controller.requeue(key);
    rollouts.requeue(key);
  };
  const answers = createAnswers({
    bus,
    key: config.verdictKey,
    log,
    owns: (key) => leases.owns(key),
    onAnswer: requeue,
    onRejected: metrics.verdictRejected,
  });
  const announcer = createAnnouncer({
    bus,
    recorder,
    eventHooks,
    caller,
    log,
    settings: {
      clusterName: config.clusterName,
      metricsServer: config.metricsServer ?? "",
      noDataFails: config.noData === "fail",
      eventWebhook: config.eventWebhook,
    },
    owns: (key) => leases.owns(key),
    requeue,
  });
  const conditions = kit.readiness.add("preconditions");
  let allowed: Promise<void> | undefined;
  const mayAct = (signal: AbortSignal) => {
    allowed ??= waitUntilAllowed(
      { client, recorder: refusals, readiness: conditions, log, clock, namespace, leaderElectionNamespace },
      signal,
    );
    return allowed;
  };
  const reconciler: ReconcilerDeps = {
    clientFor: (key, reader) =>
      createCachingClient(
        client.onBehalfOf(key).guarded(() => leases.ownedForMs(key)),
        reader,
      ),
    reader: watches.reader,
    bus,
    recorder,
    announcer,
    metrics,
    log,
    clock,
    resyncMs: config.controlLoopInterval,
    spec: {
      provider: meshProvider,
      minIntervalMs: config.minInterval,
      dryRun: config.dryRun,
      clusterName: config.clusterName,
      noCrossNamespaceRefs: config.noCrossNamespaceRefs,
    },
    workloads: {
      selectorLabels: config.selectorLabels,
      labelPrefixes: config.includeLabelPrefix,
      configTracking: config.enableConfigTracking,
      podPatienceMs: Math.min(config.minInterval, 3_000),
    },
  };
  const controller = createController({
    watches,
    leases,
    answers,
    metrics,
    log,
    readiness: kit.readiness.add("kubernetes"),
    concurrency: config.threadiness,
    queueMetrics: workQueueMetrics(kit.metrics, "burgee_canary_controller"),
    mayAct,
    reconciler,
  });
  const rollouts = createFlagRolloutController({
    client,
    namespace,
    leases,
    answers,
    metrics,
    log,
    concurrency: config.threadiness,
    mayAct,
    reconciler,
  });
  const onUp = () => {
    controller.requeueAll();
    rollouts.requeueAll();
  };
  const busState = watchBus({ bus, metrics, readiness: kit.readiness.add("redis"), onUp });
  return [refusals, recorder, eventHooks, announcer, answers, busState, leases, controller, rollouts];
}
