import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnalysisCompletedSchema,
  type AnalysisRequested,
  AnalysisRequestedSchema,
  Result,
  type Verdict,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import {
  createMemoryBus,
  createRedisBus,
  type Delivery,
  type EventBus,
  MemoryStreams,
  streams,
} from "@burgee/event-bus";
import { Secret, verify } from "@burgee/service-kit";
import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { answerRequests } from "./answer-requests.ts";
import { checkId } from "./check-id.ts";
import { analysisRequest } from "./testing/analysis-request.ts";
import { createVerdictCache } from "./verdict-cache.ts";

/** For a machine that runs other tests, too. */
const patience = { timeoutMs: 20_000 };

const key = new Secret("verdict-key-of-the-test");
const { log } = captureLogger();

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** Everything one test started, stopped in reverse. */
const started: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

/** Buses of several processes on the same streams. */
type Connect = () => EventBus;
let prefixes = 0;
const connections: Record<string, () => Connect> = {
  memory: () => {
    const shared = new MemoryStreams();
    return () => createMemoryBus({ log, streams: shared });
  },
  redis: () => {
    const prefix = `{t${++prefixes}}:`;
    return () => createRedisBus({ url: redis.url, prefix, log });
  },
};

type Evaluate = (request: AnalysisRequested, signal: AbortSignal) => Promise<Verdict>;

function startAnalyzer(connect: Connect, evaluate: Evaluate, cacheMs = 60_000): { stop(): Promise<void> } {
  const bus = connect();
  const part = answerRequests({
    bus,
    evaluate,
    cache: createVerdictCache({ ttlMs: cacheMs, maxEntries: 100, now: Date.now }),
    verdictKey: key,
    concurrency: 4,
    log,
    metrics: { answered: () => {}, asked: () => {} },
  });
  part.start?.(new AbortController().signal);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= Promise.resolve(part.stop?.()).then(() => bus.close());
    return stopping;
  };
  started.push(stop);
  return { stop };
}

/** A controller: publishes requests and follows the answers. */
async function startController(connect: Connect) {
  const bus = connect();
  const answers: { delivery: Delivery; verdict: Verdict; signed: boolean }[] = [];
  const subscription = bus.follow(streams.analysisResults, (delivery) => {
    const { verdict, mac } = fromBinary(AnalysisCompletedSchema, delivery.payload);
    const signed = verify(verdict, mac, new TextEncoder().encode(key.reveal()));
    answers.push({ delivery, verdict: fromBinary(VerdictSchema, verdict), signed });
  });
  started.push(() => bus.close());
  await subscription.ready;
  const ask = (request: AnalysisRequested): Promise<void> =>
    bus.publish(streams.analysisRequests, {
      id: request.check === undefined ? "none" : checkId(request.check),
      key: `${request.namespace}/${request.name}`,
      seq: Number(request.check?.run ?? 0n),
      type: "AnalysisRequested",
      payload: toBinary(AnalysisRequestedSchema, request),
    });
  return { answers, ask };
}

function verdictOn(request: AnalysisRequested, result = Result.PASS): Verdict {
  const { check, name, namespace, revision } = request;
  return create(VerdictSchema, { name, namespace, revision, result, ...(check && { check }) });
}

const request = (check: number): AnalysisRequested => analysisRequest({ check, at: 1_700_000_000_000, metrics: [] });

describe.each(Object.keys(connections))("answering requests over the %s bus", (kind) => {
  const connectTo = (): Connect => connections[kind]?.() ?? expect.unreachable();

  it("answers a request with a signed verdict under the id of its check", async () => {
    const connect = connectTo();
    const { answers, ask } = await startController(connect);
    startAnalyzer(connect, async (asked) => verdictOn(asked));
    await ask(request(7));
    const { delivery, verdict, signed } = await waitFor(() => answers[0], patience);
    expect([delivery.id, delivery.key, delivery.seq, verdict.check?.check, verdict.result, signed]).toEqual([
      "5b1f/1/7",
      "test/podinfo",
      1,
      7n,
      Result.PASS,
      true,
    ]);
  });

  it("answers every duplicate, each with the same verdict, and evaluates once", async () => {
    const connect = connectTo();
    const { answers, ask } = await startController(connect);
    let evaluations = 0;
    startAnalyzer(connect, async (asked) => verdictOn(asked, ++evaluations === 1 ? Result.FAIL : Result.PASS));
    await Promise.all([ask(request(1)), ask(request(1)), ask(request(1))]);
    await waitFor(() => answers.length === 3, { ...patience, describe: () => answers.length });
    expect([answers.map(({ verdict }) => verdict.result), evaluations]).toEqual([
      [Result.FAIL, Result.FAIL, Result.FAIL],
      1,
    ]);
  });

  it("evaluates again, at the instant of the check, when the answer is not remembered any more", async () => {
    const connect = connectTo();
    const { answers, ask } = await startController(connect);
    const instants: unknown[] = [];
    startAnalyzer(
      connect,
      async (asked) => {
        instants.push(asked.at?.seconds);
        return verdictOn(asked);
      },
      0,
    );
    await ask(request(1));
    await waitFor(() => answers.length === 1, patience);
    await ask(request(1));
    await waitFor(() => answers.length === 2, patience);
    expect(instants).toEqual([1_700_000_000n, 1_700_000_000n]);
  });

  it("gives a request that it was evaluating when it stopped to the next analyzer", async () => {
    const connect = connectTo();
    const { answers, ask } = await startController(connect);
    const evaluating = Promise.withResolvers<void>();
    const first = startAnalyzer(connect, (_, signal) => {
      evaluating.resolve();
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await ask(request(1));
    await evaluating.promise;
    const stopping = first.stop();
    startAnalyzer(connect, async (asked) => verdictOn(asked));
    await stopping;
    const { verdict } = await waitFor(() => answers[0], { timeoutMs: 20_000 });
    expect(verdict.check?.check).toBe(1n);
  }, 30_000);

  it("answers what was asked while no analyzer was there", async () => {
    const connect = connectTo();
    const { answers, ask } = await startController(connect);
    await ask(request(1));
    await ask(request(2));
    startAnalyzer(connect, async (asked) => verdictOn(asked));
    await waitFor(() => answers.length === 2, patience);
    expect(answers.map(({ delivery }) => delivery.id)).toEqual(["5b1f/1/1", "5b1f/1/2"]);
  });

  it("answers the next request though one does not say what is asked", async () => {
    const connect = connectTo();
    const { answers, ask } = await startController(connect);
    startAnalyzer(connect, async (asked) => verdictOn(asked));
    await ask(create(AnalysisRequestedSchema, { name: "podinfo", namespace: "broken" }));
    await ask(request(1));
    await waitFor(() => answers.length === 1, patience);
    expect(answers.map(({ delivery }) => delivery.id)).toEqual(["5b1f/1/1"]);
  });
});

describe("a Redis that goes away", () => {
  it("gets the answer when it is back, though it was away while the check was evaluated", async () => {
    const own = await startRedis();
    started.push(() => own.stop());
    const connect: Connect = () => createRedisBus({ url: own.url, log, timeoutMs: 300 });
    const { answers, ask } = await startController(connect);
    const evaluating = Promise.withResolvers<void>();
    const mayFinish = Promise.withResolvers<void>();
    startAnalyzer(connect, async (asked) => {
      evaluating.resolve();
      await mayFinish.promise;
      return verdictOn(asked);
    });
    await ask(request(1));
    await evaluating.promise;
    await own.kill9();
    mayFinish.resolve();
    await own.restart({ keepData: true });
    await waitFor(() => answers.length > 0, { timeoutMs: 20_000 });
    expect(answers[0]?.verdict.check?.check).toBe(1n);
  }, 40_000);

  it("forgot everything: the check asked again is answered", async () => {
    const own = await startRedis();
    started.push(() => own.stop());
    const connect: Connect = () => createRedisBus({ url: own.url, log, timeoutMs: 300 });
    const { answers, ask } = await startController(connect);
    startAnalyzer(connect, async (asked) => verdictOn(asked));
    await ask(request(1));
    await waitFor(() => answers.length === 1, patience);
    await own.restart({ keepData: false });
    await waitFor(async () => ask(request(1)).then(() => true), { timeoutMs: 20_000, intervalMs: 100 });
    await waitFor(() => answers.length >= 2, { timeoutMs: 20_000 });
    expect(answers.at(-1)?.verdict.check?.check).toBe(1n);
  }, 40_000);
});
