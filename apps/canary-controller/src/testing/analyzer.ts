// A scripted analyzer: takes requests from the bus and says what the test wants.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnalysisCompletedSchema,
  type AnalysisRequested,
  AnalysisRequestedSchema,
  Reason,
  Result,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { type EventBus, type Subscription, streams } from "@burgee/event-bus";

/** What the scripted analyzer says about a request. */
export type Verdicts = (request: AnalysisRequested) => Said | Promise<Said>;
type Said = Judged | "silent";
/** An object is what one metric without a value has to say. */
export type Judged = "pass" | "fail" | "unknown" | { reason: Reason; message: string };

/** Answers every request, a repeated one again. */
export function startAnalyzer(bus: EventBus, verdicts: Verdicts): Subscription {
  return bus.consume(streams.analysisRequests, "analyzer", async (delivery) => {
    const request = fromBinary(AnalysisRequestedSchema, delivery.payload);
    const said = await verdicts(request);
    if (said !== "silent") await answer(bus, request, said);
  });
}

/** Requests that nobody made: for another check, run, Canary, revision or analysis than this one. */
export function otherChecks(request: AnalysisRequested): AnalysisRequested[] {
  const { check } = request;
  if (check === undefined) return [];
  return [
    { ...request, check: { ...check, check: check.check - 1n } },
    { ...request, check: { ...check, check: check.check + 100n } },
    { ...request, check: { ...check, run: check.run - 1n } },
    { ...request, check: { ...check, run: check.run + 1n } },
    { ...request, check: { ...check, canaryUid: "another" } },
    { ...request, revision: `${request.revision}0` },
    { ...request, specHash: `${request.specHash}0` },
  ];
}

/** Publishes a verdict on exactly what was asked. */
export async function answer(bus: EventBus, request: AnalysisRequested, said: Judged): Promise<void> {
  const { check, name: canary, namespace: of, revision, weight, specHash } = request;
  if (check === undefined) return;
  const text = said === "pass" ? "" : `Halt ${canary}.${of} advancement success rate ${said}`;
  const { reason, message } = typeof said === "object" ? said : { reason: Reason.UNSPECIFIED, message: text };
  const result = said === "pass" ? Result.PASS : said === "fail" ? Result.FAIL : Result.UNKNOWN;
  const [asked] = request.metrics;
  const range = asked?.min === undefined ? {} : { min: asked.min };
  const metric = { name: asked?.name ?? "request-success-rate", result, message, reason, ...range };
  const verdict = create(VerdictSchema, {
    check,
    name: canary,
    namespace: of,
    revision,
    weight,
    specHash,
    result,
    metrics: [result === Result.UNKNOWN ? metric : { ...metric, value: said === "pass" ? 99.9 : 12 }],
  });
  const completed = create(AnalysisCompletedSchema, { verdict: toBinary(VerdictSchema, verdict) });
  await bus.publish(streams.analysisResults, {
    id: `${check.canaryUid}/${check.run}/${check.check}`,
    key: `${of}/${canary}`,
    seq: Number(check.check),
    type: "AnalysisCompleted",
    payload: toBinary(AnalysisCompletedSchema, completed),
  });
}
