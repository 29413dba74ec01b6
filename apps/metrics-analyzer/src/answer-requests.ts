import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnalysisCompletedSchema,
  AnalysisRequestedSchema,
  type AnalysisRequested,
  Result,
  type Verdict,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { type Delivery, type EventBus, EventBusError, streams } from "@burgee/event-bus";
import { type Logger, messageOf, type Part, retry, type Secret, sign } from "@burgee/service-kit";
import { checkId, questionId } from "./check-id.ts";
import type { AnalyzerMetrics } from "./metrics.ts";
import type { VerdictCache } from "./verdict-cache.ts";

/** Analyzers of this name share the requests. */
export const consumerGroup = "metrics-analyzer";

/** What answering needs. */
export interface AnswerRequestsOptions {
  readonly bus: EventBus;
  readonly evaluate: (request: AnalysisRequested, signal: AbortSignal) => Promise<Verdict>;
  readonly cache: VerdictCache<Verdict>;
  /** Signs verdicts; without it they carry no mac. */
  readonly verdictKey: Secret | undefined;
  /** How many checks are evaluated at once. */
  readonly concurrency: number;
  readonly log: Logger;
  readonly metrics: AnalyzerMetrics;
}

/**
 * Answers every delivery of a request, duplicates included, and lets go of it only after the answer is in the stream. While Redis is
 * away the answer is kept and tried again; after a restart the request is delivered anew and evaluated at the same instant.
 */
export function answerRequests(o: AnswerRequestsOptions): Part {
  let subscription: ReturnType<EventBus["consume"]> | undefined;
  return {
    name: "analysis requests",
    start(): void {
      subscription = o.bus.consume(
        streams.analysisRequests,
        consumerGroup,
        (delivery, signal) => answer(delivery, signal, o),
        {
          concurrency: o.concurrency,
        },
      );
    },
    async stop(): Promise<void> {
      await subscription?.stop();
    },
  };
}

async function answer(delivery: Delivery, signal: AbortSignal, o: AnswerRequestsOptions): Promise<void> {
  const request = readRequest(delivery);
  const startedAt = performance.now();
  const { from, value } = o.cache.get(questionId(request), () => o.evaluate(request, signal));
  const verdict = await value;
  await publish(verdict, delivery, signal, o);
  o.metrics.answered(resultName(verdict.result), from, (performance.now() - startedAt) / 1000);
  const { name, namespace, revision } = verdict;
  const reasons = verdict.metrics.filter(({ message }) => message !== "").map(({ message }) => message);
  const fields = {
    canary: name,
    namespace,
    revision,
    requestId: delivery.id,
    result: resultName(verdict.result),
    reasons,
  };
  o.log.debug(fields, "check answered");
}

/** Throws for an entry that cannot be answered, because it does not say what is asked: the bus sets it aside as a dead letter. */
function readRequest(delivery: Delivery): AnalysisRequested {
  const request = fromBinary(AnalysisRequestedSchema, delivery.payload);
  const missing = request.check === undefined ? "check" : request.at === undefined ? "at" : undefined;
  if (missing !== undefined)
    throw new Error(
      `analysis request ${delivery.id}: ${missing} is missing, expected as in burgee.analysis.v1.AnalysisRequested`,
    );
  return request;
}

async function publish(
  verdict: Verdict,
  delivery: Delivery,
  signal: AbortSignal,
  o: AnswerRequestsOptions,
): Promise<void> {
  const bytes = toBinary(VerdictSchema, verdict);
  const mac =
    o.verdictKey === undefined ? new Uint8Array() : sign(bytes, new TextEncoder().encode(o.verdictKey.reveal()));
  const entry = {
    id: verdict.check === undefined ? delivery.id : checkId(verdict.check),
    key: delivery.key,
    seq: delivery.seq,
    type: "AnalysisCompleted",
    payload: toBinary(AnalysisCompletedSchema, create(AnalysisCompletedSchema, { verdict: bytes, mac })),
    ...(delivery.traceparent === undefined ? {} : { traceparent: delivery.traceparent }),
  };
  await retry(() => o.bus.publish(streams.analysisResults, entry), {
    signal,
    onRetry: (error, attempt, delayMs) => {
      if (error instanceof EventBusError && error.code === "closed") return false;
      // The bus itself reports that it is down; here only the first failure of an answer is worth a line.
      if (attempt === 1)
        o.log.warn({ requestId: delivery.id, err: messageOf(error), delayMs }, "answer not published, trying again");
      return true;
    },
  });
}

function resultName(result: Result): "pass" | "fail" | "unknown" {
  if (result === Result.PASS) return "pass";
  return result === Result.FAIL ? "fail" : "unknown";
}
