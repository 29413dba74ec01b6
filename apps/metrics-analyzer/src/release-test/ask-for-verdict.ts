import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  AnalysisCompletedSchema,
  AnalysisRequestedSchema,
  Result,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { type Delivery, type EventBus, streams } from "@burgee/event-bus";
import { type Secret, verify } from "@burgee/service-kit";

/** No Canary has this uid, so no controller takes the verdict for one of its own. */
const canaryUid = "release-test";

/** What the test needs. */
export interface AskForVerdictOptions {
  /** With the controller's rights: asks, and hears the answers. */
  readonly bus: EventBus;
  /** The verdict must be signed with it; without it that is not looked at. */
  readonly verdictKey: Secret | undefined;
  /** Epoch milliseconds. Tells this test from others. */
  readonly now: number;
  readonly timeoutMs: number;
}

/** Asks for the verdict of a check without metrics, which passes wherever there is no Prometheus. Rejects with what came instead. */
export async function askForVerdict({ bus, verdictKey, now, timeoutMs }: AskForVerdictOptions): Promise<string> {
  const answered = Promise.withResolvers<string>();
  const requestId = `${canaryUid}/1/${now}`;
  const deadline = setTimeout(
    () => answered.reject(new Error(`${requestId} got no verdict within ${timeoutMs / 1000} s: is an analyzer ready?`)),
    timeoutMs,
  );
  const subscription = bus.follow(streams.analysisResults, (delivery) => {
    const { verdict, problem } = readAnswer(delivery, verdictKey);
    if (verdict.check?.canaryUid !== canaryUid || verdict.check.check !== BigInt(now)) return;
    if (problem !== undefined) answered.reject(new Error(problem));
    else if (verdict.result === Result.PASS) answered.resolve(`the verdict of ${requestId} is a pass`);
    else answered.reject(new Error(`the verdict of ${requestId} is ${Result[verdict.result]}, expected PASS`));
  });
  try {
    await Promise.race([subscription.ready, answered.promise]);
    const check = { canaryUid, run: 1n, check: BigInt(now) };
    const request = create(AnalysisRequestedSchema, { check, name: canaryUid, at: timestampFromMs(now) });
    await bus.publish(streams.analysisRequests, {
      id: requestId,
      key: `/${canaryUid}`,
      seq: now,
      type: "AnalysisRequested",
      payload: toBinary(AnalysisRequestedSchema, request),
    });
    return await answered.promise;
  } finally {
    clearTimeout(deadline);
    await subscription.stop();
  }
}

function readAnswer({ payload }: Delivery, key: Secret | undefined) {
  const { verdict, mac } = fromBinary(AnalysisCompletedSchema, payload);
  const isSigned = key === undefined || verify(verdict, mac, Buffer.from(key.reveal()));
  const problem = isSigned ? undefined : "the verdict is not signed with the key that controller and analyzer share";
  return { verdict: fromBinary(VerdictSchema, verdict), problem };
}
