import type { AnalysisRequested } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createServiceBus } from "@burgee/event-bus";
import { createEventRecorder, createInformer, createKubeClientFromConfig } from "@burgee/kube";
import { followState, start } from "@burgee/service-kit";
import { answerRequests } from "./answer-requests.ts";
import { createAsk } from "./ask-provider.ts";
import { configSchema } from "./config.ts";
import { evaluateCheck } from "./evaluate-check.ts";
import { evaluateService } from "./evaluate-service.ts";
import { createKubeLookup } from "./metric-templates/kube-lookup.ts";
import { metricTemplates } from "./metric-templates/metric-template-resource.ts";
import { reportProblems } from "./metric-templates/report-problems.ts";
import { createAnalyzerMetrics } from "./metrics.ts";
import { createVerdictCache } from "./verdict-cache.ts";

/** Templates are looked at again this often, in case a condition could not be written. */
const templateResyncMs = 600_000;

await start({ name: "metrics-analyzer", schema: configSchema }, async (config, kit) => {
  const { log, clock } = kit;
  const bus = createServiceBus(config, kit);
  const client = createKubeClientFromConfig(config, { log, userAgent: "burgee-metrics-analyzer" });
  const informer = createInformer(client, metricTemplates, {
    namespace: config.namespace || undefined,
    log,
    resyncMs: templateResyncMs,
  });
  const recorder = createEventRecorder(client, { component: "metrics-analyzer", log });
  const metrics = createAnalyzerMetrics(kit.metrics);
  const evaluation = {
    ask: createAsk({ dialer: kit.dialer, concurrency: config.queryConcurrency, metrics }),
    templates: createKubeLookup(client, informer),
    metricsServer: config.metricsServer,
    deadlineMs: config.checkDeadline,
  };
  const evaluate = (request: AnalysisRequested, signal: AbortSignal) => evaluateCheck(request, evaluation, signal);
  followState(kit.readiness.add("kubernetes"), informer);
  return [
    { name: "kube client", stop: () => client.close() },
    { name: "bus", stop: () => bus.close() },
    recorder,
    reportProblems({ client, informer, recorder, log, clock }),
    informer,
    answerRequests({
      bus,
      evaluate,
      cache: createVerdictCache({ ttlMs: config.resultCache, maxEntries: 10_000, now: clock.now }),
      verdictKey: config.verdictKey,
      concurrency: config.checkConcurrency,
      log,
      metrics,
    }),
    ...(config.evaluateToken === undefined
      ? []
      : [evaluateService({ evaluate, token: config.evaluateToken, port: config.evaluatePort, clock })]),
  ];
});
