import { createFlagStore } from "@burgee/flag-sync";
import { createMetrics } from "@burgee/service-kit";
import { createEnrich } from "../context.ts";
import { createEvaluation } from "../evaluation.ts";
import { createEvaluationServer } from "../evaluation-server.ts";
import { createEventStreams } from "../event-stream.ts";
import { createFlagdMetrics } from "../metrics.ts";
import { createRpcTelemetry } from "../rpc-telemetry.ts";

/** Two servers with the same flags: one with the fast path, one where Connect answers everything. */
export interface EvaluationPair {
  readonly fast: number;
  readonly connect: number;
  stop(): Promise<void>;
}

export async function startEvaluationPair(flags: object, o: { maxRequestBytes: number }): Promise<EvaluationPair> {
  const [fast, connect] = await Promise.all([start(flags, { ...o, fast: true }), start(flags, { ...o, fast: false })]);
  return {
    fast: fast.port,
    connect: connect.port,
    async stop() {
      await Promise.all([fast.stop(), connect.stop()]);
    },
  };
}

async function start(
  flags: object,
  { maxRequestBytes, fast }: { maxRequestBytes: number; fast: boolean },
): Promise<{ port: number; stop(): Promise<void> }> {
  const store = createFlagStore(["test"]);
  const result = store.update("test", flags);
  if (!result.ok) throw new Error(`the flags of the test are not valid: ${JSON.stringify(result.problems)}`);
  const metrics = createFlagdMetrics(createMetrics());
  const evaluation = createEvaluation({ store, impressions: metrics.evaluations, clock: { now: Date.now } });
  const events = createEventStreams({ store, deadlineMs: 0, keepAliveMs: 20_000 });
  const values = { region: "eu" };
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createEvaluationServer({
    at: { port: 0 },
    tls: undefined,
    rpc: { evaluation, events, enrich: createEnrich({ values, headers: { "Burgee-Release-Role": "releaseRole" } }) },
    schemaV1: { evaluation, events, enrich: createEnrich({ values, headers: {} }) },
    corsOrigins: [],
    maxRequestBytes,
    maxHeaderBytes: 0,
    metrics,
    fast,
    telemetry: createRpcTelemetry({ metrics: metrics.rpc, library: "connect", tracing: false }),
    onListening: resolve,
  });
  await server.start?.(new AbortController().signal);
  return { port: await promise, stop: async () => server.stop?.() };
}
