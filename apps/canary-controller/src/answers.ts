// Verdicts of the analyzer, kept until the check they answer is recorded.
import { fromBinary } from "@bufbuild/protobuf";
import {
  AnalysisCompletedSchema,
  Reason,
  Result,
  type Verdict,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { type Delivery, type EventBus, type Subscription, streams } from "@burgee/event-bus";
import type { CheckResult, MetricSeen, UnknownReason, VerdictSeen } from "@burgee/rollout-engine";
import { type Logger, messageOf, type Secret, verify } from "@burgee/service-kit";

/** What a verdict must be about to be an answer: exactly this check of this revision by this analysis. */
export interface Question {
  run: number;
  check: number;
  revision: string;
  specHash: string;
}

/** Follows `analysis.results`. */
export interface Answers {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
  /** The answer to exactly this question, if it came. */
  get(uid: string, question: Question): VerdictSeen | undefined;
  /** Forgets all answers for this Canary. */
  forget(uid: string): void;
}

/** Answers kept for one Canary, newest last: only one is outstanding, the others came late, early or wrong. */
const maxPerCanary = 8;

export function createAnswers(o: {
  bus: EventBus;
  /** Key shared with the analyzer. With a key, an answer without its MAC is dropped; without one, none is checked. */
  key: Secret | undefined;
  log: Logger;
  /** Answers for canaries of other processes are not kept. */
  owns: (canaryKey: string) => boolean;
  /** Called when an answer for this Canary came in. */
  onAnswer: (canaryKey: string) => void;
  onRejected?: () => void;
}): Answers {
  const kept = new Map<string, Map<string, VerdictSeen>>();
  let subscription: Subscription | undefined;

  function take(delivery: Delivery): void {
    if (!o.owns(delivery.key)) return;
    const verdict = readVerdict(delivery, o.key);
    if (typeof verdict === "string") {
      o.log.warn({ canary: delivery.key, entry: delivery.id, err: verdict }, "verdict dropped");
      o.onRejected?.();
      return;
    }
    const ref = verdict.check;
    const answer = verdictSeen(verdict);
    if (ref === undefined || answer === undefined) return;
    const ofCanary = kept.get(ref.canaryUid) ?? new Map<string, VerdictSeen>();
    const id = questionId({ ...answer, revision: verdict.revision, specHash: verdict.specHash });
    // The first answer wins: a duplicate was perhaps evaluated at another moment.
    if (!ofCanary.has(id)) ofCanary.set(id, answer);
    for (const old of ofCanary.keys()) {
      if (ofCanary.size <= maxPerCanary) break;
      ofCanary.delete(old);
    }
    kept.set(ref.canaryUid, ofCanary);
    o.onAnswer(`${verdict.namespace}/${verdict.name}`);
  }

  return {
    name: "answers",
    start() {
      subscription = o.bus.follow(streams.analysisResults, take);
    },
    stop: async () => subscription?.stop(),
    get: (uid, question) => kept.get(uid)?.get(questionId(question)),
    forget: (uid) => void kept.delete(uid),
  };
}

/** The verdict, or why it is not one. */
function readVerdict(delivery: Delivery, key: Secret | undefined): Verdict | string {
  try {
    const { verdict, mac } = fromBinary(AnalysisCompletedSchema, delivery.payload);
    if (key !== undefined && !verify(verdict, mac, Buffer.from(key.reveal()))) {
      return "its MAC is wrong, expected one made with the key of --verdict-key";
    }
    return fromBinary(VerdictSchema, verdict);
  } catch (error) {
    return `it is not an AnalysisCompleted message: ${messageOf(error)}`;
  }
}

function questionId({ run, check, revision, specHash }: Question): string {
  return `${run}/${check}/${revision}/${specHash}`;
}

function verdictSeen(verdict: Verdict): VerdictSeen | undefined {
  const result = resultText(verdict.result);
  const { check, at } = verdict;
  if (result === undefined || check === undefined) return undefined;
  const metrics = verdict.metrics.map((metric): MetricSeen => {
    const { value, min, max } = metric;
    return {
      name: metric.name,
      result: resultText(metric.result) ?? "unknown",
      ...(value === undefined ? {} : { value }),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(metric.message === "" ? {} : { message: metric.message }),
      ...(reasons[metric.reason] === undefined ? {} : { reason: reasons[metric.reason] }),
    };
  });
  const atMs = at === undefined ? 0 : Number(at.seconds) * 1000 + Math.trunc(at.nanos / 1e6);
  return { run: Number(check.run), check: Number(check.check), result, metrics, at: atMs };
}

const reasons: Readonly<Partial<Record<Reason, UnknownReason>>> = {
  [Reason.NO_DATA]: "no-data",
  [Reason.PROVIDER_UNREACHABLE]: "unreachable",
  [Reason.INVALID]: "invalid",
};

function resultText(result: Result): CheckResult | undefined {
  switch (result) {
    case Result.PASS:
      return "pass";
    case Result.FAIL:
      return "fail";
    case Result.UNKNOWN:
      return "unknown";
    default:
      return undefined;
  }
}
