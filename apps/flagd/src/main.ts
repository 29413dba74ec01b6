import { start } from "@burgee/service-kit";
import { configSchema } from "./config.ts";
import { createEnrich } from "./context.ts";
import { createEvaluation } from "./evaluation.ts";
import { createEvaluationServer } from "./evaluation-server.ts";
import { createEventStreams } from "./event-stream.ts";
import { beginOfrepSpan, noHttpSpan, traceEvaluation } from "./http-spans.ts";
import { impressionParts } from "./impression-stream/impression-parts.ts";
import { measureLifecycle } from "./lifecycle.ts";
import { createFlagdMetrics } from "./metrics.ts";
import { collectorOptions } from "./otel-options.ts";
import { createOfrepServer } from "./ofrep/server.ts";
import { createRpcTelemetry } from "./rpc-telemetry.ts";
import { createFlagFeed } from "./sources.ts";
import { createSyncServer } from "./sync-server.ts";
import { readTlsFiles } from "./tls-files.ts";

const info = { name: "flagd", schema: configSchema, notReadyStatus: 412, telemetry: collectorOptions };

await start(info, async (config, kit) => {
  const { log, clock, tracing } = kit;
  if (config.debug) log.level = "debug";
  const { store, part: feed, filled } = await createFlagFeed(config, kit);
  const metrics = createFlagdMetrics(kit.metrics);
  measureLifecycle({ metrics: kit.metrics, store, evaluations: metrics.evaluations, clock });
  const evaluation = createEvaluation({ store, impressions: metrics.evaluations, clock });
  const values = config.contextValue;
  const events = createEventStreams({ store, deadlineMs: config.streamDeadline, keepAliveMs: 20_000 });
  const endless = createEventStreams({ store, deadlineMs: 0, keepAliveMs: 20_000 });
  const tls = readTlsFiles(config);
  const enrich = createEnrich({ values, headers: config.contextFromHeader });
  return [
    ...(await impressionParts(config, kit, metrics.evaluations)),
    feed,
    createEvaluationServer({
      at: listenAt(config.socketPath, config.port),
      tls,
      rpc: { evaluation, events, enrich },
      // Upstream's oldest protocol knows neither context from headers nor a deadline.
      schemaV1: { evaluation, events: endless, enrich: createEnrich({ values, headers: {} }) },
      corsOrigins: config.corsOrigin,
      maxRequestBytes: config.maxRequestBody,
      maxHeaderBytes: config.maxRequestHeader,
      metrics,
      fast: !tracing,
      telemetry: createRpcTelemetry({ metrics: metrics.rpc, library: "connect", tracing }),
      onListening: (port) => log.info({ port, socketPath: config.socketPath }, "flag evaluation is listening"),
    }),
    createOfrepServer({
      at: { port: config.ofrepPort },
      evaluation: tracing ? traceEvaluation(evaluation) : evaluation,
      enrich,
      corsOrigins: config.corsOrigin,
      maxRequestBytes: config.maxRequestBody,
      maxHeaderBytes: config.maxRequestHeader,
      metrics: metrics.http,
      span: tracing ? beginOfrepSpan : noHttpSpan,
      onListening: (port) => log.info({ port }, "OFREP is listening"),
    }),
    createSyncServer({
      at: listenAt(config.syncSocketPath, config.syncPort),
      tls,
      store,
      filled,
      context: { ...values },
      metadata: !config.disableSyncMetadata,
      deadlineMs: config.streamDeadline,
      log,
      telemetry: createRpcTelemetry({ metrics: metrics.rpc, library: "grpc", tracing, sync: metrics.sync }),
      keepAlive: { minTimeMs: config.keepAliveMinTime, withoutStream: config.keepAlivePermitWithoutStream },
      onListening: (port) => log.info({ port, syncSocketPath: config.syncSocketPath }, "flag sync is listening"),
    }),
  ];
});

function listenAt(path: string, port: number): { path: string } | { port: number } {
  return path === "" ? { port } : { path };
}
